import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles that transpose a square of as many rows as a vector has lanes, for floats and doubles. Run by the
 * build; argument: the folder to write to.
 *
 * <p>Each of log2(lanes) stages exchanges, in every pair of rows a distance d apart, the lanes of which d's bit is set in
 * the one with the lanes of which it is not in the other:
 *
 * <pre>
 *   row i      0 1 2 3  d = 1  0 A 2 C
 *   row i + d  A B C D         1 B 3 D
 * </pre>
 */
final class GenerateTranspositionTiles {
    private final StringBuilder source = new StringBuilder();

    private GenerateTranspositionTiles() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            Path file = folder.resolve(type + "TranspositionTile.java");
            String tile = new GenerateTranspositionTiles().tile(type);
            // An unchanged file keeps its time, so that nothing is compiled anew.
            if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                Files.writeString(file, tile);
            }
        }
    }

    private String tile(String type) {
        int widest = type.equals("Float") ? 16 : 8;
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.TYPEVector;
                import jdk.incubator.vector.VectorMask;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorShuffle;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles that transpose as many rows as a vector has lanes; see {@link TYPETransposition}. Generated. */
                final class TYPETranspositionTile {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                """);
        for (int d = 1; d < widest; d *= 2) {
            line("    private static final VectorShuffle<TYPE> SWAP" + d + " = VectorShuffle.fromOp(S, lane -> (lane ^ "
                    + d + ") & (S.length() - 1));");
            line("    private static final VectorMask<TYPE> SET" + d + " = VectorMask.fromLong(S, " + bits(d)
                    + " & ((1L << S.length()) - 1));");
        }
        line("\n    /** The lanes of the widest vector that there is a tile for. */");
        line("    static final int MOST = " + widest + ";");
        line("\n    private TYPETranspositionTile() {}");
        for (String kind : new String[] {"", "Steps", "Rows"}) {
            method("quarter" + kind, widest / 4, kind);
            method("half" + kind, widest / 2, kind);
            method("widest" + kind, widest, kind);
        }
        return source.append("}\n")
                .toString()
                .replace("TYPE", type)
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("ELEMENT", type.toLowerCase());
    }

    /** The lanes in whose number the bit d is set. */
    private static String bits(int d) {
        long bits = 0;
        for (int lane = 0; lane < 16; lane++) {
            bits |= (lane & d) == 0 ? 0 : 1L << lane;
        }
        return bits + "L";
    }

    /**
     * A square. With few steps only those are written, and what was read after them is left alone; with few rows the last one
     * is read in place of those that there are not.
     */
    private void method(String name, int lanes, String kind) {
        boolean fewSteps = kind.equals("Steps");
        boolean fewRows = kind.equals("Rows");
        line("\n    static void " + name + "("
                + (fewSteps ? "int steps, " : fewRows ? "int rows, " : "")
                + "ELEMENT scale, ELEMENT[] a, int a0, int aRow, ELEMENT[] t, int t0, int tRow) {");
        for (int i = 0; i < lanes; i++) {
            line("        TYPEVector row" + i + " = TYPEVector.fromArray(S, a, a0 + "
                    + (fewRows ? "Math.min(" + i + ", rows - 1)" : i)
                    + " * aRow).lanewise(VectorOperators.MUL, scale);");
        }
        for (int d = 1; d < lanes; d *= 2) {
            for (int i = 0; i < lanes; i++) {
                if ((i & d) == 0) {
                    String low = "row" + i;
                    String high = "row" + (i + d);
                    String swapped = "low" + d + "_" + i;
                    line("        TYPEVector " + swapped + " = " + low + ".rearrange(SWAP" + d + ");");
                    line("        " + low + " = " + low + ".blend(" + high + ".rearrange(SWAP" + d + "), SET" + d
                            + ");");
                    line("        " + high + " = " + swapped + ".blend(" + high + ", SET" + d + ");");
                }
            }
        }
        for (int i = 0; i < lanes; i++) {
            line("        " + (fewSteps ? "if (steps > " + i + ") " : "") + "row" + i + ".intoArray(t, t0 + " + i
                    + " * tRow);");
        }
        line("    }");
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
