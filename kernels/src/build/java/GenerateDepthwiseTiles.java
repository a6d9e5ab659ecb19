import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of the depthwise convolution: one class for each width of the kernel, stride and number of vectors.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators. Run by the
 * build; argument: the folder to write to.
 */
final class GenerateDepthwiseTiles {
    /**
     * Pixels side by side. Rows of images tend to be 7, 14, 28, 56 or 112 long, and seven leaves no rest of them. With two
     * vectors of channels they are 14 chains of multiply-adds, where 8 keep two units of 4 cycles busy.
     */
    private static final int PIXELS = 7;

    /** Widths of kernels at stride 1, and what a stride of 2 leaves of 3, 5 and 7 in the input gradient. */
    private static final int[] KERNELS = {1, 2, 3, 4, 5, 7};

    private static final int[] KERNELS_OF_STRIDE_2 = {3, 5};

    private static final String INPUTS = "float[] x, int x0, int xRow, int xStep, float[] zeros, ";

    private final int kernel;
    private final int stride;

    /**
     * Vectors of channels. The second one shares its bounds check and its address with the first, which otherwise take
     * more instructions than the multiply-adds; but only with 32 registers is there room for it.
     */
    private final int vectors;

    private final StringBuilder source = new StringBuilder();

    private GenerateDepthwiseTiles(int kernel, int stride, int vectors) {
        this.kernel = kernel;
        this.stride = stride;
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (int vectors = 1; vectors <= 2; vectors++) {
            for (int kernel : KERNELS) {
                write(folder, name(kernel, 1, vectors), new GenerateDepthwiseTiles(kernel, 1, vectors).tile());
            }
            for (int kernel : KERNELS_OF_STRIDE_2) {
                write(folder, name(kernel, 2, vectors), new GenerateDepthwiseTiles(kernel, 2, vectors).tile());
            }
        }
        write(folder, "DepthwiseTile", choice());
    }

    private static String name(int kernel, int stride, int vectors) {
        return "DepthwiseTile" + kernel + (stride == 1 ? "" : "Stride" + stride) + "x" + vectors;
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name + ".java");
        // An unchanged file keeps its time, so that nothing is compiled anew.
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    /** The class that chooses among the tiles. */
    private static String choice() {
        return """
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;

                /** Chooses among the tiles of {@link DepthwiseTiles} by the width of the kernel, plus 10 for a stride of 2. Generated. */
                final class DepthwiseTile {
                    private static final int L = Lanes.LENGTH;

                    private DepthwiseTile() {}

                    /** Channels that pairs of vectors take; vectors of one take the rest. */
                    private static int paired(int channels) {
                        return Lanes.TILE_VECTORS > 2 ? channels / (2 * L) * (2 * L) : 0;
                    }

                    static boolean isKnown(int tile) {
                        return switch (tile) {
                            case TILES -> true;
                            default -> false;
                        };
                    }
                """.replace("TILES", tiles())
                + choose("outputs", "float[] w, int w0, int wRow, int wStep, float[] start, int start0, ")
                + choose("weights", "float[] w, int w0, int wRow, int wStep, ")
                + "}\n";
    }

    private static String tiles() {
        StringBuilder tiles = new StringBuilder();
        for (int kernel : KERNELS) {
            tiles.append(tiles.isEmpty() ? "" : ", ").append(kernel);
        }
        for (int kernel : KERNELS_OF_STRIDE_2) {
            tiles.append(", ").append(10 + kernel);
        }
        return tiles.toString();
    }

    private static String choose(String what, String factors) {
        String declared = INPUTS + factors + "float[] y, int y0, int yStep";
        StringBuilder text = new StringBuilder("\n    static void " + what
                + "(int tile, boolean inside, int channels, int rows, int rowFrom, int rowTo, int from, int to, "
                + declared
                + ") {\n        int paired = paired(channels);\n"
                + "        int c = paired < channels ? Math.min(paired, channels - L) : 0;\n");
        String passed = declared.replace("float[] ", "").replace("int ", "");
        // The weights' gradient has a slot for each vector, so that one moved left adds to no channel twice.
        String rest = passed.replace("x0", "x0 + c")
                .replace("w0", what.equals("weights") ? "w0 + paired" : "w0 + c")
                .replace("start0", "start0 + c")
                .replace("y0", "y0 + c");
        for (int vectors = 2; vectors >= 1; vectors--) {
            text.append("        if (" + (vectors == 2 ? "paired > 0" : "paired < channels") + ") {\n");
            text.append("            switch (tile) {\n");
            for (int stride = 1; stride <= 2; stride++) {
                for (int kernel : stride == 1 ? KERNELS : KERNELS_OF_STRIDE_2) {
                    String arguments = (vectors == 2 ? "paired" : "channels - c") + ", rows, rowFrom, rowTo, ";
                    String call = name(kernel, stride, vectors) + "." + what;
                    text.append("                case " + (kernel + 10 * stride - 10) + " -> {\n")
                            .append("                    if (inside) {\n                        " + call + "Inside("
                                    + arguments)
                            .append((vectors == 2 ? passed : rest) + ");\n                    } else {\n")
                            .append("                        " + call + "Border(" + arguments + "from, to, ")
                            .append((vectors == 2 ? passed : rest) + ");\n                    }\n                }\n");
                }
            }
            text.append("                default -> throw new AssertionError(tile);\n            }\n        }\n");
        }
        return text.append("    }\n").toString();
    }

    private int positions() {
        return (PIXELS - 1) * stride + kernel;
    }

    private String tile() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** The tile of kernels %1$d wide, stride %2$d, %3$d vectors; see {@link DepthwiseTiles} for what it computes. Generated. */
                final class %4$s {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                    private static final int L = Lanes.LENGTH;

                    private %4$s() {}
                """.formatted(kernel, stride, vectors, name(kernel, stride, vectors)));
        outputs(false);
        outputs(true);
        weights(false);
        weights(true);
        return source.append("}\n").toString();
    }

    private void outputs(boolean border) {
        line("\n    static void outputs" + (border ? "Border" : "Inside")
                + "(int channels, int rows, int rowFrom, int rowTo, "
                + (border ? "int from, int to, " : "")
                + INPUTS
                + "float[] w, int w0, int wRow, int wStep, float[] start, int start0, float[] y, int y0, int yStep) {");
        channels();
        forVectors("            FloatVector bias# = FloatVector.fromArray(S, start, start0 + c + # * L);");
        for (int p = 0; p < PIXELS; p++) {
            forVectors("            FloatVector out" + p + "# = bias#;");
        }
        line("            for (int j = 0; j < rows; j++) {");
        row(border);
        for (int k = 0; k < kernel; k++) {
            line("                int tap%1$d = w0 + j * wRow + %1$d * wStep + c;".formatted(k));
            forVectors(
                    "                FloatVector tap" + k + "# = FloatVector.fromArray(S, w, tap" + k + " + # * L);");
        }
        for (int i = 0; i < positions(); i++) {
            input(border, i);
            multiplyAdds(i, "out%1$d# = in%2$d#.lanewise(VectorOperators.FMA, tap%3$d#, out%1$d#);");
        }
        line("            }");
        for (int p = 0; p < PIXELS; p++) {
            line("            int to%1$d = y0 + %1$d * yStep + c;".formatted(p));
            forVectors("            out" + p + "#.intoArray(y, to" + p + " + # * L);");
        }
        line("        }");
        line("    }");
    }

    private void weights(boolean border) {
        line("\n    static void weights" + (border ? "Border" : "Inside")
                + "(int channels, int rows, int rowFrom, int rowTo, "
                + (border ? "int from, int to, " : "")
                + INPUTS
                + "float[] dw, int w0, int wRow, int wStep, float[] dy, int y0, int yStep) {");
        channels();
        for (int p = 0; p < PIXELS; p++) {
            line("            int from%1$d = y0 + %1$d * yStep + c;".formatted(p));
            forVectors("            FloatVector out" + p + "# = FloatVector.fromArray(S, dy, from" + p + " + # * L);");
        }
        line("            for (int j = 0; j < rows; j++) {");
        row(border);
        for (int k = 0; k < kernel; k++) {
            line("                int tap%1$d = w0 + j * wRow + %1$d * wStep + next;".formatted(k));
            forVectors(
                    "                FloatVector tap" + k + "# = FloatVector.fromArray(S, dw, tap" + k + " + # * L);");
        }
        for (int i = 0; i < positions(); i++) {
            input(border, i);
            multiplyAdds(i, "tap%3$d# = in%2$d#.lanewise(VectorOperators.FMA, out%1$d#, tap%3$d#);");
        }
        for (int k = 0; k < kernel; k++) {
            forVectors("                tap" + k + "#.intoArray(dw, tap" + k + " + # * L);");
        }
        line("            }");
        line("        }");
        line("    }");
    }

    /** The loop over channels, the last vector moved left to end with the last one. */
    private void channels() {
        line("        for (int next = 0; next < channels; next += " + vectors + " * L) {");
        line("            int c = " + (vectors == 1 ? "Math.min(next, channels - L)" : "next") + ";");
    }

    /** Where the inputs of row j are: in the source, or zeros. */
    private void row(boolean border) {
        line("                boolean inside = j >= rowFrom && j < rowTo;");
        line("                int at = x0 + j * xRow + c;");
        if (border) {
            line("                int first = inside ? from : 0;");
            line("                int last = inside ? to : 0;");
        } else {
            line("                float[] a = inside ? x : zeros;");
            line("                int a0 = inside ? at : c;");
            line("                int step = inside ? xStep : 0;");
        }
    }

    private void input(boolean border, int i) {
        String array = "a";
        if (border) {
            array = "a" + i;
            line("                boolean is%1$d = %1$d >= first && %1$d < last;".formatted(i));
            line("                float[] a%1$d = is%1$d ? x : zeros;".formatted(i));
            line("                int at%1$d = is%1$d ? at + %1$d * xStep : c;".formatted(i));
        } else {
            line(
                    i == 0
                            ? "                int at0 = a0;"
                            : "                int at%d = at%d + step;".formatted(i, i - 1));
        }
        forVectors("                FloatVector in" + i + "# = FloatVector.fromArray(S, " + array + ", at" + i
                + " + # * L);");
    }

    /** The multiply-adds of one input: each pixel that has it under a tap. */
    private void multiplyAdds(int i, String multiplyAdd) {
        for (int k = kernel - 1; k >= 0; k--) {
            if (i >= k && (i - k) % stride == 0 && (i - k) / stride < PIXELS) {
                forVectors("                " + multiplyAdd.formatted((i - k) / stride, i, k));
            }
        }
    }

    /** Writes a line for each vector, with its number for # in a name and in an offset; the first has none. */
    private void forVectors(String text) {
        for (int v = 0; v < vectors; v++) {
            line(text.replace(" + # * L", v == 0 ? "" : " + " + v + " * L").replace("#", "v" + v));
        }
    }

    private void line(String text) {
        source.append(text).append('\n');
    }
}
