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
 *
 * <p>Of squares and strips of vectors of less than the greatest width, the stage of the greatest distance is done by what is read, and, of floats, that of the least by
 * shifting longs: an exchange by {@code rearrange} takes 8 cycles on a core with AVX2, a shift one (8x8: 0.32 ns an element so and 0.27, Zen 3). Tiles of the greatest
 * width are as they were measured, on cores with AVX-512.
 */
final class GenerateTranspositionTiles {
    private final StringBuilder source = new StringBuilder();
    private boolean isFloat;
    private int widest;

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
        isFloat = type.equals("Float");
        widest = isFloat ? 16 : 8;
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
        for (String kind : new String[] {"", "Strip", "Steps", "Rows"}) {
            method("quarter" + kind, widest / 4, kind);
            method("half" + kind, widest / 2, kind);
            if (!kind.equals("Strip")) {
                method("widest" + kind, widest, kind);
            }
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
     * A square, or a strip of squares side by side. With few steps only those are written, and what was read after them is left alone; with few rows the last one
     * is read in place of those that there are not.
     */
    private void method(String name, int lanes, String kind) {
        boolean fewSteps = kind.equals("Steps");
        boolean fewRows = kind.equals("Rows");
        line("\n    static void " + name + "("
                + (fewRows ? "int rows, " : kind.isEmpty() ? "" : "int steps, ")
                + "ELEMENT scale, ELEMENT[] a, int a0, int aRow, ELEMENT[] t, int t0, int tRow) {");
        boolean strip = kind.equals("Strip");
        if (strip) {
            for (int i = 0; i < lanes; i++) {
                line("        int from" + i + " = a0 + " + i + " * aRow;");
            }
            line("        int to = t0;");
            line("        for (int p = 0; p < steps; p += " + lanes + ") {");
        }
        boolean halves = !fewSteps && !fewRows && lanes < widest;
        if (halves) {
            loadHalves(lanes, strip);
        } else {
            loadRows(lanes, fewRows);
        }
        for (int d = 1; d < (halves ? lanes / 2 : lanes); d *= 2) {
            for (int i = 0; i < lanes; i++) {
                if ((i & d) == 0) {
                    exchange(d, i, i + d, halves && d == 1 && isFloat);
                }
            }
        }
        for (int i = 0; i < lanes; i++) {
            line("        " + (fewSteps ? "if (steps > " + i + ") " : "") + "row" + i + ".intoArray(t, "
                    + (strip ? "to + " : "t0 + ") + i + " * tRow);");
        }
        if (strip) {
            line("        to += " + lanes + " * tRow;");
            line("        }");
        }
        line("    }");
    }

    private void loadRows(int lanes, boolean fewRows) {
        for (int i = 0; i < lanes; i++) {
            line("        TYPEVector row" + i + " = TYPEVector.fromArray(S, a, "
                    + (fewRows ? "a0 + Math.min(" + i + ", rows - 1) * aRow" : from(i, false))
                    + ").lanewise(VectorOperators.MUL, scale);");
        }
    }

    /** A square's row, in place or at step p of a strip. */
    private static String from(int row, boolean strip) {
        return strip ? "from" + row + " + p" : "a0 + " + row + " * aRow";
    }

    /**
     * The last stage comes first, and is done by reading: what is read half a vector further left has its first half where the
     * second one belongs.
     */
    private void loadHalves(int lanes, boolean strip) {
        int half = lanes / 2;
        for (int i = 0; i < half; i++) {
            String low = "TYPEVector.fromArray(S, a, " + from(i, strip);
            String high = "TYPEVector.fromArray(S, a, " + from(i + half, strip);
            line("        TYPEVector row" + i + " = " + low + ").blend(" + high + " - " + half + "), SET" + half
                    + ").lanewise(VectorOperators.MUL, scale);");
            line("        TYPEVector row" + (i + half) + " = " + low + " + " + half + ").blend(" + high + "), SET"
                    + half + ").lanewise(VectorOperators.MUL, scale);");
        }
    }

    private void exchange(int d, int i, int j, boolean byShifts) {
        String low = "row" + i;
        String high = "row" + j;
        String swapped = "low" + d + "_" + i;
        String up = byShifts ? shifted(high, "LSHL") : high + ".rearrange(SWAP" + d + ")";
        String down = byShifts ? shifted(low, "LSHR") : low + ".rearrange(SWAP" + d + ")";
        line("        TYPEVector " + swapped + " = " + down + ";");
        line("        " + low + " = " + low + ".blend(" + up + ", SET" + d + ");");
        line("        " + high + " = " + swapped + ".blend(" + high + ", SET" + d + ");");
    }

    private static String shifted(String row, String direction) {
        return row + ".reinterpretAsLongs().lanewise(VectorOperators." + direction + ", 32).reinterpretAsFloats()";
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
