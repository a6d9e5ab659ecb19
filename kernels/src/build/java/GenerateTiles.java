import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of convolutions: one class for each number of vectors, with a method for each number of
 * rows and way in which factors are found.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators, an eighth of
 * the speed. Run by the build; argument: the folder to write to.
 */
final class GenerateTiles {
    /** The most rows of tiles whose steps are looked up: 6 x 4 sums, 4 vectors of B and a broadcast of A are 29 of 32 registers. */
    private static final int ANY_ROWS = 6;

    /** Rows of the tiles of runs that pack on the way. */
    private static final int PACKING_ROWS = 4;

    private final int vectors;

    /** The most rows of tiles of runs, whose steps are next to each other; see {@link Tiles#RUN_ROWS}. */
    private final int runRows;

    private final StringBuilder source = new StringBuilder();

    private GenerateTiles(int vectors) {
        this.vectors = vectors;
        this.runRows = vectors == 4 ? 4 : 6;
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
                import dev.lanewise.runtime.Steps;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of %1$d vectors; see {@link Tiles} for what they compute and assume. Generated. */
                final class Tile%1$d {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                    private static final int L = Lanes.LENGTH;

                    private Tile%1$d() {}
                """.formatted(vectors));
        runs();
        packings();
        for (boolean add : new boolean[] {false, true}) {
            for (int rows = runRows; rows > 1; rows--) {
                run(rows, false, add);
            }
            run(PACKING_ROWS, true, add);
            any(add);
        }
        return source.append("}\n").toString();
    }

    /** The choice of a tile of runs. The places of A's rows are looked up here, see {@link #run}. */
    private void runs() {
        source.append("""

                    static void run(
                            boolean add, int high, int depth, float[] a, int a0, int[] rows, int row,
                            float[] b, int b0,
                            float[] c, int c0, int[] targets, int target) {
                        switch (add ? high + 8 : high) {
                """);
        for (int rows = 2; rows <= runRows; rows++) {
            String arguments = rows + "%s(depth, a" + places(rows, "row") + ", b, b0, c, c0, targets, target);";
            line("            case " + rows + " -> run" + arguments, "");
            line("            case " + (rows + 8) + " -> run" + arguments, "Add");
        }
        source.append("""
                            default -> throw new AssertionError(high);
                        }
                    }
                """);
    }

    /** The same for the tile that packs. */
    private void packings() {
        String arguments = PACKING_ROWS + "%s(depth, a" + places(PACKING_ROWS, "0")
                + ", b, b0, bStep, to, to0, c, c0, targets, 0);";
        source.append("""

                    static void packing(
                            boolean add, int depth, float[] a, int a0, int[] rows,
                            float[] b, int b0, int bStep, float[] to, int to0,
                            float[] c, int c0, int[] targets) {
                        if (add) {
                """);
        line("            packing" + arguments, "Add");
        line("        } else {");
        line("            packing" + arguments, "");
        line("        }");
        line("    }");
    }

    private static String places(int rows, String row) {
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            places.append(", a0 + rows[").append(row).append(" + ").append(i).append("]");
        }
        return places.toString();
    }

    /**
     * A tile of steps next to each other; one that packs reads B in place and stores it to the panel.
     *
     * <p>The places of A's rows are arguments. Looked up here, their table would be one more value, and start values that are
     * not C's three: C2 then passes the array of A through a vector register in every step, and a tile in the first-level
     * cache falls from 254 to 239 GFLOP/s of 257 (Zen 5), a convolution by as much again.
     */
    private void run(int rows, boolean packing, boolean add) {
        StringBuilder left = new StringBuilder("float[] a");
        for (int i = 0; i < rows; i++) {
            left.append(", int x").append(i);
        }
        open(
                (packing ? "packing" : "run") + rows,
                add,
                left.toString(),
                packing ? ", int bStep, float[] to, int to0" : "");
        sums(rows, add);
        openLoop();
        line("            int q = p;");
        line("            int r = b0 + p * " + (packing ? "bStep;" : "(" + vectors + " * L);"));
        if (packing) {
            line("            int at = to0 + p * (" + vectors + " * L);");
        }
        for (int v = 0; v < vectors; v++) {
            line("            FloatVector b%1$dV = FloatVector.fromArray(S, b, r + %1$d * L);", v);
            if (packing) {
                line("            b%1$dV.intoArray(to, at + %1$d * L);", v);
            }
        }
        multiplyAdds(rows);
        close(rows);
    }

    /** A tile whose rows and steps are looked up. */
    private void any(boolean add) {
        open("any", add, "float[] a, int a0, int[] rows, int row, int[] steps, int step", "");
        sums(ANY_ROWS, add);
        for (int i = 0; i < ANY_ROWS; i++) {
            line("        int x%1$d = a0 + rows[row + %1$d];", i);
        }
        openLoop();
        line("            int q = steps[step + p];");
        line("            int r = b0 + p * (" + vectors + " * L);");
        for (int v = 0; v < vectors; v++) {
            line("            FloatVector b%1$dV = FloatVector.fromArray(S, b, r + %1$d * L);", v);
        }
        multiplyAdds(ANY_ROWS);
        close(ANY_ROWS);
    }

    private void open(String method, boolean add, String left, String packing) {
        source.append("""

                    static void %s(
                            int depth, %s,
                            float[] b, int b0%s,
                            float[] c, int c0, int[] targets, int target) {
                """.formatted(method + (add ? "Add" : ""), left, packing));
    }

    private void sums(int rows, boolean add) {
        for (int i = 0; i < rows && add; i++) {
            line("        int s%1$d = c0 + targets[target + %1$d];", i);
        }
        String start = add ? "FloatVector.fromArray(S, c, s%1$d + %2$d * L)" : "FloatVector.zero(S)";
        forSums(rows, "        FloatVector c%1$d%2$dV = " + start + ";");
    }

    private void openLoop() {
        line("        int first = 0;");
        line("        do { // Steps says why.");
        line("        int end = Steps.CUT ? Math.min(depth, first + Steps.AT_ONCE) : depth;");
        line("        for (int p = first; p < end; p++) {");
    }

    private void multiplyAdds(int rows) {
        for (int i = 0; i < rows; i++) {
            line("            FloatVector a%1$dV = FloatVector.broadcast(S, a[x%1$d + q]);", i);
            for (int v = 0; v < vectors; v++) {
                line("            c%1$d%2$dV = a%1$dV.lanewise(VectorOperators.FMA, b%2$dV, c%1$d%2$dV);", i, v);
            }
        }
    }

    private void close(int rows) {
        line("        }");
        line("        first += Steps.AT_ONCE;");
        line("        } while (Steps.CUT && first < depth);");
        forSums(rows, "        c%1$d%2$dV.intoArray(c, c0 + targets[target + %1$d] + %2$d * L);");
        line("    }");
    }

    private void forSums(int rows, String line) {
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line(line, i, v);
            }
        }
    }

    private void line(String format, Object... numbers) {
        source.append(format.formatted(numbers)).append('\n');
    }
}
