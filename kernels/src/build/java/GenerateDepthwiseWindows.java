import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the windows of 3x3 depthwise convolutions: one class for each stride.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators. Run by the
 * build; argument: the folder to write to.
 */
final class GenerateDepthwiseWindows {
    private static final int KERNEL = 3;

    /** Rows of outputs of a window. With 4, 10 % faster where there are many, slower where an image is 7 or 14 high. */
    private static final int ROWS = 2;

    private final int stride;
    private final StringBuilder source = new StringBuilder();

    /** Whether the first and the last row of the source lie outside the image. */
    private boolean top;

    private boolean bottom;

    private GenerateDepthwiseWindows(int stride) {
        this.stride = stride;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (int stride = 1; stride <= 2; stride++) {
            GenerateDepthwiseWindows window = new GenerateDepthwiseWindows(stride);
            Path file = folder.resolve(window.name() + ".java");
            String text = window.write();
            // An unchanged file keeps its time, so that nothing is compiled anew.
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                Files.writeString(file, text);
            }
        }
    }

    private String name() {
        return "DepthwiseWindow" + (stride == 1 ? "" : "Stride" + stride);
    }

    /** Rows of the source that the outputs meet. */
    private int sourceRows() {
        return (ROWS - 1) * stride + KERNEL;
    }

    /** Columns of the source that an output shares with the one before. */
    private int kept() {
        return KERNEL - stride;
    }

    private String write() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** The window of 3x3 kernels with a stride of %1$d; see {@link DepthwiseWindows} for what it computes. Generated. */
                final class %2$s {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                    private static final int L = Lanes.LENGTH;

                    private %2$s() {}
                """.formatted(stride, name()));
        choice();
        for (int border = 0; border < 4; border++) {
            top = border % 2 == 1;
            bottom = border / 2 == 1;
            method();
        }
        return source.append("}\n")
                .toString()
                .replace(
                        "PARAMETERS",
                        "int channels, int whole, int columns, boolean left, float[] x, int x0, int xRow, int xStep, float[] zeros, "
                                + "float[] w, int w0, int wRow, int wStep, float[] start, int start0, "
                                + "float[] y, int y0, int yRow, int yStep")
                .replace(
                        "ARGUMENTS",
                        "channels, whole, columns, left, x, x0, xRow, xStep, zeros, w, w0, wRow, wStep, start, start0, y, y0, yRow, yStep");
    }

    private void choice() {
        line("");
        line("    static void run(boolean top, boolean bottom, PARAMETERS) {");
        line("        if (top) {");
        line("            if (bottom) {");
        line("                alone(ARGUMENTS);");
        line("            } else {");
        line("                top(ARGUMENTS);");
        line("            }");
        line("        } else if (bottom) {");
        line("            bottom(ARGUMENTS);");
        line("        } else {");
        line("            inner(ARGUMENTS);");
        line("        }");
        line("    }");
    }

    private void method() {
        line("");
        line("    private static void " + (top ? bottom ? "alone" : "top" : bottom ? "bottom" : "inner")
                + "(PARAMETERS) {");
        line("        FloatVector zero = FloatVector.zero(S);");
        line("        float[] first = left ? zeros : x;");
        line("        for (int next = 0; next < channels; next += L) {");
        line("            int c = Math.min(next, channels - L);");
        line("            FloatVector bias = FloatVector.fromArray(S, start, start0 + c);");
        for (int j = 0; j < KERNEL; j++) {
            for (int k = 0; k < KERNEL; k++) {
                line(
                        "            FloatVector w%1$d%2$d = FloatVector.fromArray(S, w, w0 + %1$d * wRow + %2$d * wStep + c);"
                                .formatted(j, k));
            }
        }
        for (int i = 0; i < sourceRows(); i++) {
            if (isZero(i)) {
                continue;
            }
            line("            int at%1$d = x0 + %1$d * xRow + c;".formatted(i));
            line("            FloatVector x%1$d_0 = FloatVector.fromArray(S, first, left ? 0 : at%1$d);".formatted(i));
            for (int q = 1; q < kept(); q++) {
                line("            at%d += xStep;".formatted(i));
                line("            FloatVector x%1$d_%2$d = FloatVector.fromArray(S, x, at%1$d);".formatted(i, q));
            }
        }
        for (int r = 0; r < ROWS; r++) {
            line("            int to%1$d = y0 + %1$d * yRow + c;".formatted(r));
        }
        line("            for (int p = 0; p < whole; p++) {");
        step("                ", false);
        for (int i = 0; i < sourceRows(); i++) {
            for (int q = 0; q < kept() && !isZero(i); q++) {
                line("                x%1$d_%2$d = x%1$d_%3$d;".formatted(i, q, q + stride));
            }
        }
        line("            }");
        line("            if (whole < columns) {");
        step("                ", true);
        line("            }");
        line("        }");
        line("    }");
    }

    /** The outputs of a column; the last column of the source that they meet may lie outside. */
    private void step(String indent, boolean right) {
        for (int i = 0; i < sourceRows(); i++) {
            for (int q = kept(); q < KERNEL && !isZero(i); q++) {
                String to = indent + "FloatVector x" + i + "_" + q + " = ";
                if (right && q == KERNEL - 1) {
                    line(to + "zero;");
                } else {
                    line(indent + "at" + i + " += xStep;");
                    line(to + "FloatVector.fromArray(S, x, at" + i + ");");
                }
            }
            for (int r = 0; r < ROWS; r++) {
                int j = i - r * stride;
                for (int k = 0; k < KERNEL && j >= 0 && j < KERNEL; k++) {
                    String input = isZero(i) ? "zero" : "x" + i + "_" + k;
                    boolean begins = j == 0 && k == 0;
                    line(indent
                            + (begins ? "FloatVector " : "")
                            + "sum%1$d = %2$s.lanewise(VectorOperators.FMA, w%3$d%4$d, %5$s);"
                                    .formatted(r, input, j, k, begins ? "bias" : "sum" + r));
                }
                if (j == KERNEL - 1) {
                    line(indent + "sum%1$d.intoArray(y, to%1$d);".formatted(r));
                    line(indent + "to%1$d += yStep;".formatted(r));
                }
            }
        }
    }

    private boolean isZero(int row) {
        return top && row == 0 || bottom && row == sourceRows() - 1;
    }

    private void line(String text) {
        source.append(text).append('\n');
    }
}
