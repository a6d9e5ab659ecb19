import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of the depthwise convolution's weight gradient: one class for each size of the kernel, stride and number
 * of vectors.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators. Run by the
 * build; argument: the folder to write to.
 */
final class GenerateDepthwiseWeightTiles {
    /**
     * Taps of a method, at most; a kernel of more is taken in several, each over all rows. With all 25 taps of 5x5 a method was
     * more than C1 can compile ("out of virtual registers in LIR generator"): in some JVMs it then stayed for ever in code that
     * gathers no profile and creates an object for each vector, at 1.5 GFLOP/s instead of 120.
     */
    private static final int TAPS = 15;

    private final int kernel;
    private final int stride;
    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    /** The rows of the kernel that a method takes: {@code from} to {@code to}, not included. */
    private int from;

    private int to;

    private GenerateDepthwiseWeightTiles(int kernel, int stride, int vectors) {
        this.kernel = kernel;
        this.stride = stride;
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (int stride = 1; stride <= 2; stride++) {
            for (int vectors = 1; vectors <= 2; vectors++) {
                new GenerateDepthwiseWeightTiles(3, stride, vectors).write(folder);
            }
            new GenerateDepthwiseWeightTiles(5, stride, 1).write(folder);
        }
    }

    private void write(Path folder) throws IOException {
        Path file = folder.resolve(name() + ".java");
        String tile = tile();
        // An unchanged file keeps its time, so that nothing is compiled anew.
        if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
            Files.writeString(file, tile);
        }
    }

    private String name() {
        return "DepthwiseWeightTile" + kernel + (stride == 1 ? "" : "Stride" + stride) + "x" + vectors;
    }

    /** How many outputs before the present one meet a column, too. */
    private int lags() {
        return (kernel - 1) / stride;
    }

    private String tile() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** The tile of kernels of %1$dx%1$d, stride %2$d, %3$d vectors; see {@link DepthwiseWeights} for what it computes. Generated. */
                final class %4$s {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                    private static final int L = Lanes.LENGTH;

                    private %4$s() {}

                    static void run(PARAMETERS) {
                """.formatted(kernel, stride, vectors, name()));
        int rows = TAPS / kernel;
        for (int row = 0; row < kernel; row += rows) {
            line("        fromRow" + row + "(ARGUMENTS);");
        }
        line("    }");
        for (from = 0; from < kernel; from += rows) {
            to = Math.min(kernel, from + rows);
            method();
        }
        return source.append("}\n")
                .toString()
                .replace(
                        "PARAMETERS",
                        "DepthwiseShape s, int fromRow, int toRow, float[] x, int x0, float[] zeros, float[] w, int w0, float[] dy, int dy0")
                .replace("ARGUMENTS", "s, fromRow, toRow, x, x0, zeros, w, w0, dy, dy0");
    }

    private void method() {
        line("");
        line("    private static void fromRow" + from + "(PARAMETERS) {");
        line("        int pixel = s.pixel();");
        line("        int width = s.width();");
        line("        int column = s.firstColumn();");
        line("        int columns = s.columns();");
        line("        int dyStep = s.outputColumn();");
        forTaps(
                "        FloatVector sum%1$d%2$d# = FloatVector.fromArray(S, w, w0 + %1$d * s.weightRow() + %2$d * s.weightColumn() + # * L);");
        line("        for (int r = fromRow; r < toRow; r++) {");
        line("            int row = s.firstRow() + r * s.rowStep();");
        for (int j = from; j < to; j++) {
            line("            int row%1$d = row + %1$d * s.rowTap();".formatted(j));
            line("            boolean is%1$d = row%1$d >= 0 && row%1$d < s.height();".formatted(j));
            line("            float[] a%1$d = is%1$d ? x : zeros;".formatted(j));
            line("            int at%1$d = (is%1$d ? x0 + row%1$d * s.sourceRow() : 0) + column * pixel;".formatted(j));
        }
        line("            int g = dy0 + r * s.outputRow();");
        for (int p = 0; p < lags(); p++) {
            gradient("            FloatVector ", lags() - p, "g + " + p + " * dyStep");
        }
        for (int p = 0; p < lags(); p++) {
            for (int phase = 0; phase < stride; phase++) {
                border(p * stride + phase + "", phase, 0, p, lags() - p);
            }
        }
        inner();
        for (int p = 0; p < lags(); p++) {
            for (int phase = 0; phase < stride; phase++) {
                border("columns * " + stride + " + " + (p * stride + phase), phase, p + 1, lags(), -p);
            }
        }
        line("        }");
        forTaps("        sum%1$d%2$d#.intoArray(w, w0 + %1$d * s.weightRow() + %2$d * s.weightColumn() + # * L);");
        line("    }");
    }

    /** Columns that all taps meet within the row. */
    private void inner() {
        line("            for (int p = " + lags() + "; p < columns; p++) {");
        gradient("                FloatVector ", 0, "g + p * dyStep");
        for (int phase = 0; phase < stride; phase++) {
            line("                int q%1$d = (p * %2$d + %1$d) * pixel;".formatted(phase, stride));
            for (int j = from; j < to; j++) {
                String name = "x" + j + "_" + phase;
                line("                int %1$s = at%2$d + q%3$d;".formatted("i" + name, j, phase));
                forVectors("                FloatVector " + name + "# = FloatVector.fromArray(S, a" + j + ", i" + name
                        + " + # * L);");
                for (int lag = lags(); lag >= 0; lag--) {
                    if (phase + lag * stride < kernel) {
                        multiplyAdd("                ", j, phase + lag * stride, name, "dy" + lag);
                    }
                }
            }
        }
        for (int lag = lags(); lag > 0; lag--) {
            forVectors("                dy" + lag + "# = dy" + (lag - 1) + "#;");
        }
        line("            }");
    }

    /** A column near the border, which may lie outside and has outputs for some of its taps only. */
    private void border(String at, int phase, int fromLag, int toLag, int shift) {
        if (phase + fromLag * stride >= kernel) {
            return;
        }
        line("            {");
        line("                int u = " + at + ";");
        line("                boolean inside = column + u >= 0 && column + u < width;");
        for (int j = from; j < to; j++) {
            line("                float[] b%1$d = inside ? a%1$d : zeros;".formatted(j));
            line("                int i%1$d = inside ? at%1$d + u * pixel : 0;".formatted(j));
            forVectors("                FloatVector x" + j + "# = FloatVector.fromArray(S, b" + j + ", i" + j
                    + " + # * L);");
            for (int lag = toLag; lag >= fromLag; lag--) {
                if (phase + lag * stride < kernel) {
                    multiplyAdd("                ", j, phase + lag * stride, "x" + j, "dy" + (lag + shift));
                }
            }
        }
        line("            }");
    }

    private void gradient(String declaration, int lag, String at) {
        forVectors(declaration + "dy" + lag + "# = FloatVector.fromArray(S, dy, " + at + " + # * L);");
    }

    private void multiplyAdd(String indent, int j, int k, String input, String gradient) {
        String sum = "sum" + j + k + "#";
        forVectors(indent + sum + " = " + input + "#.lanewise(VectorOperators.FMA, " + gradient + "#, " + sum + ");");
    }

    private void forTaps(String text) {
        for (int j = from; j < to; j++) {
            for (int k = 0; k < kernel; k++) {
                forVectors(text.formatted(j, k));
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
