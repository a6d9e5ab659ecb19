import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of convolutions: one class for each number of vectors, with a method for each way in which A is found.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators, an eighth of
 * the speed. Run by the build; argument: the folder to write to.
 */
final class GenerateTiles {
    /** Where the element of A in row i and step p is. */
    private enum Kind {
        /** Rows and steps through tables. 6 x 4 accumulators, 4 vectors of B and a broadcast of A are 29 of 32 registers. */
        ANY("any", 6, "rows[row + %1$d]", "steps[step + p]"),

        /** Steps are next to each other: a place for each row, of which C2 can keep four in registers. */
        RUN("run", 4, "rows[row + %1$d]", "p"),

        /** Rows are next to each other: one place and constants. */
        COLUMN("column", 6, "rows[row]", "steps[step + p]");

        final String method;
        final int rows;
        final String row;
        final String step;

        Kind(String method, int rows, String row, String step) {
            this.method = method;
            this.rows = rows;
            this.row = row;
            this.step = step;
        }
    }

    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    private GenerateTiles(int vectors) {
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (int vectors : new int[] {1, 2, 4}) {
            Path file = folder.resolve("Tile" + vectors + ".java");
            String tile = new GenerateTiles(vectors).tiles();
            // An unchanged file keeps its time, so that nothing is compiled anew.
            if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                Files.writeString(file, tile);
            }
        }
    }

    private String tiles() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of %1$d vectors; see {@link Tiles} for what they compute and assume. Generated. */
                final class Tile%1$d {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                    private static final int L = Lanes.LENGTH;

                    private Tile%1$d() {}
                """.formatted(vectors));
        for (Kind kind : Kind.values()) {
            tile(kind);
        }
        return source.append("}\n").toString();
    }

    private void tile(Kind kind) {
        source.append("""

                    static void %s(
                            int depth,
                            float[] a, int aBase, int[] rows, int row, int[] steps, int step,
                            float[] b, int bBase, int bStride,
                            float[] start, int startBase, int[] starts, int startRow,
                            float[] c, int cBase, int[] targets, int target) {
                """.formatted(kind.method));
        for (int i = 0; i < kind.rows; i++) {
            line("        int t%1$d = startBase + starts[startRow + %1$d];", i);
        }
        forSums(kind, "        FloatVector c%1$d%2$d = FloatVector.fromArray(S, start, t%1$d + %2$d * L);");
        for (int i = 0; i < (kind == Kind.COLUMN ? 1 : kind.rows); i++) {
            line("        int a%1$d = aBase + " + kind.row + (kind == Kind.RUN ? " + steps[step];" : ";"), i);
        }
        line("        for (int p = 0; p < depth; p++) {");
        line("            int q = " + kind.step + ";");
        line("            int r = bBase + p * " + (kind == Kind.RUN ? "(" + vectors + " * L);" : "bStride;"));
        for (int v = 0; v < vectors; v++) {
            line("            FloatVector b%1$d = FloatVector.fromArray(S, b, r + %1$d * L);", v);
        }
        for (int i = 0; i < kind.rows; i++) {
            String place = kind == Kind.COLUMN ? "a0 + q + %1$d" : "a%1$d + q";
            line("            FloatVector x%1$d = FloatVector.broadcast(S, a[" + place + "]);", i);
            for (int v = 0; v < vectors; v++) {
                line("            c%1$d%2$d = x%1$d.lanewise(VectorOperators.FMA, b%2$d, c%1$d%2$d);", i, v);
            }
        }
        line("        }");
        forSums(kind, "        c%1$d%2$d.intoArray(c, cBase + targets[target + %1$d] + %2$d * L);");
        line("    }");
    }

    private void forSums(Kind kind, String line) {
        for (int i = 0; i < kind.rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line(line, i, v);
            }
        }
    }

    private void line(String format, Object... numbers) {
        source.append(format.formatted(numbers)).append('\n');
    }
}
