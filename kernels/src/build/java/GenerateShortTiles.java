import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of a matrix product of few steps: for each number of steps a method that holds the elements of A of a few
 * rows in registers and walks along B and C. For so short a chain the tiles of the general product read and write too much
 * besides: 333x77x5 ran at 104 GFLOP/s with them and at 133 with these, 128x512x5 at 125 and 195 (Zen 5).
 *
 * <p>They are generated for what {@code GenerateGemmTiles} says. Run by the build; argument: the folder to write to.
 */
final class GenerateShortTiles {
    /** With 32 registers, beyond so many steps the elements of three rows of A leave no registers for the rest, and two rows gain nothing. */
    private static final int MOST_STEPS = 7;

    /**
     * Elements of A that are held in 32 registers, at most. Some are for C, and some for B, whose vectors C2 reads early:
     * with 24, some were read from the stack in every step, and 128x512x6 ran at 156 GFLOP/s instead of 186 (Zen 5).
     */
    private static final int HELD_OF_32 = 21;

    /**
     * The same of 16 registers. Tiles have two rows at least, as one has too few chains, and so hold 12 or 14 with 6 or 7 steps. With as many as of 32
     * registers 128x512x5 ran at 42 GFLOP/s and runs at 66 to 78, 1000x100x4 at 38 and 54, 333x77x5 at 34 and 48; with 12 or 14 for all up to 0.15 slower (Zen 3).
     */
    private static final int HELD_OF_16 = 10;

    private static final int LEAST_ROWS = 2;

    private static final int MOST_ROWS = 6;

    private final int registers;
    private final StringBuilder source = new StringBuilder();

    private GenerateShortTiles(int registers) {
        this.registers = registers;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            for (int registers : new int[] {16, 32}) {
                Path file = folder.resolve(type + "ShortTile" + registers + ".java");
                String tile = new GenerateShortTiles(registers)
                        .tile()
                        .replace("SPECIES", type.toUpperCase() + "S")
                        .replace("TYPE", type)
                        .replace("ELEMENT", type.toLowerCase());
                // An unchanged file keeps its time, so that nothing is compiled anew.
                if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                    Files.writeString(file, tile);
                }
            }
        }
    }

    private String tile() {
        source.append(
                """
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.TYPEVector;
                import jdk.incubator.vector.VectorMask;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of few steps, and of whole rows of C, for REGISTERS registers; see {@link TYPEShortTiles} for what they compute. Generated. */
                final class TYPEShortTileREGISTERS {
                    /** Steps of the longest tile. */
                    static final int STEPS = MOST;

                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private TYPEShortTileREGISTERS() {}

                    static void run(boolean add, int depth, PARAMETERS) {
                        switch (2 * depth + (add ? 1 : 0)) {
                """.replace("MOST", Integer.toString(MOST_STEPS)).replace("REGISTERS", Integer.toString(registers)));
        for (int steps = 1; steps <= MOST_STEPS; steps++) {
            line(3, "case %d -> steps%d(ARGUMENTS);", 2 * steps, steps);
            line(3, "case %d -> steps%dAdd(ARGUMENTS);", 2 * steps + 1, steps);
        }
        line(3, "default -> throw new AssertionError(depth);");
        line(2, "}");
        line(1, "}");
        for (int steps = 1; steps <= MOST_STEPS; steps++) {
            tile(steps, false);
            tile(steps, true);
        }
        line(0, "}");
        return source.toString()
                .replace(
                        "PARAMETERS",
                        "int rows, int columns, ELEMENT[] a, int a0, int aRow, int aStep, ELEMENT[] b, int b0, "
                                + "ELEMENT[] c, int c0, int cRow")
                .replace("ARGUMENTS", "rows, columns, a, a0, aRow, aStep, b, b0, c, c0, cRow");
    }

    /** Where too few rows are left for the last group, its last one stands for what is missing: it is written several times. */
    private void tile(int steps, boolean add) {
        int held = registers == 32 ? HELD_OF_32 : HELD_OF_16;
        int rows = Math.clamp(held / steps, LEAST_ROWS, MOST_ROWS);
        line(0, "");
        line(1, "private static void steps%d%s(PARAMETERS) {", steps, add ? "Add" : "");
        line(2, "for (int i = 0; i < rows; i += %d) {", rows);
        for (int r = 0; r < rows; r++) {
            line(3, "int row%d = %s;", r, r == 0 ? "i" : "Math.min(i + " + r + ", rows - 1)");
            for (int p = 0; p < steps; p++) {
                line(3, "TYPEVector x%d_%d = TYPEVector.broadcast(S, a[a0 + row%d * aRow + %d * aStep]);", r, p, r, p);
            }
        }
        for (int r = 0; r < rows; r++) {
            line(3, "int to%d = c0 + row%d * cRow;", r, r);
        }
        line(3, "int j = 0;");
        line(3, "for (; j <= columns - L; j += L) {");
        line(4, "int from = b0 + %d * j;", steps);
        sums(rows, steps, add, "j", "");
        line(3, "}");
        line(3, "if (j < columns) {");
        line(4, "int from = b0 + %d * j;", steps);
        line(4, "int last = columns - L;");
        if (add) {
            line(4, "VectorMask<TYPE> added = S.indexInRange(0, j - last).not();");
        }
        sums(rows, steps, add, "last", add ? ", added" : "");
        line(3, "}");
        line(2, "}");
        line(1, "}");
    }

    private void sums(int rows, int steps, boolean add, String column, String mask) {
        for (int r = 0; r < rows; r++) {
            String start = add ? "TYPEVector.fromArray(S, c, to" + r + " + " + column + ")" : "TYPEVector.zero(S)";
            line(4, "TYPEVector sum%d = %s;", r, start);
        }
        for (int p = 0; p < steps; p++) {
            line(4, "TYPEVector w%d = TYPEVector.fromArray(S, b, from + %d * L);", p, p);
            for (int r = 0; r < rows; r++) {
                line(4, "sum%d = x%d_%d.lanewise(VectorOperators.FMA, w%d, sum%d);", r, r, p, p, r);
            }
        }
        for (int r = 0; r < rows; r++) {
            line(4, "sum%d.intoArray(c, to%d + %s%s);", r, r, column, mask);
        }
    }

    private void line(int indent, String text, Object... arguments) {
        source.append("    ".repeat(indent)).append(text.formatted(arguments)).append("\n");
    }
}
