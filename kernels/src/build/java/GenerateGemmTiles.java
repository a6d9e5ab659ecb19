import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of the matrix product: one class for each element type, vector width and number of vectors.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators. Run by the
 * build; argument: the folder to write to.
 */
final class GenerateGemmTiles {
    /**
     * At most 4 rows: each takes a general-purpose register for its place in A, and beyond four C2 runs out of them and
     * moves one through a vector register in every step.
     */
    private static final int ROWS = 4;

    /** From this many rows on, at most a tenth of the work is done in vain where the last tile is not full. */
    private static final int MANY_ROWS = 32;

    private final String type;
    private final String name;
    private final int vectors;

    /** Whether the tile is of fewer columns than a vector has. */
    private final boolean masked;

    private final StringBuilder source = new StringBuilder();

    private GenerateGemmTiles(String type, String name, int vectors, boolean masked) {
        this.type = type;
        this.name = name;
        this.vectors = vectors;
        this.masked = masked;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            for (int vectors = 1; vectors <= 4; vectors++) {
                new GenerateGemmTiles(type, type + "Tile4x" + vectors, vectors, false).write(folder);
            }
            new GenerateGemmTiles(type, type + "TileMasked", 1, true).write(folder);
        }
    }

    private void write(Path folder) throws IOException {
        Path file = folder.resolve(name + ".java");
        String tile = tile();
        // An unchanged file keeps its time, so that nothing is compiled anew.
        if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
            Files.writeString(file, tile);
        }
    }

    private String tile() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.TYPEVector;
                MASKIMPORTimport jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to 4 rows by VECTORS vectors; see {@link TYPETiles} for what they compute and assume. Generated. */
                final class NAME {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private NAME() {}
                """);
        for (int kind = masked ? 2 : 0; kind < 4; kind++) {
            boolean packed = kind < 2;
            boolean add = (kind & 1) == 1;
            rowLoop(packed, add);
            for (int rows = 1; rows <= ROWS; rows++) {
                tile(rows, packed, add);
            }
        }
        if (!masked) {
            packing(false);
            packing(true);
            pack(false);
            pack(true);
        }
        return source.append("}\n")
                .toString()
                .replace("MASKIMPORT", masked ? "import jdk.incubator.vector.VectorMask;\n" : "")
                .replace("VECTORS", Integer.toString(vectors))
                .replace("NAME", name)
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    private static String method(boolean packed, boolean add) {
        return (packed ? "packed" : "strided") + (add ? "Add" : "");
    }

    private String parameters(boolean packed) {
        return "int depth, ELEMENT[] a, int a0, int aRow, "
                + (packed ? "ELEMENT[] b, int b0, " : "int aStep, ELEMENT[] b, int b0, int bStep, ")
                + (packed || masked ? "" : "int bLast, ")
                + "ELEMENT[] c, int c0, int cRow, int "
                + (masked ? "columns" : "cLast");
    }

    /**
     * Covers rows by tiles of 4. Of many rows, the last tile takes the last row as often as it has none of its own: one
     * method that is always hot. Of few rows that would be too much work for nothing: tiles of 4 and 3, and at the end one
     * of 2 or 1 where those do not fit, for a tile of one row is slow.
     */
    private void rowLoop(boolean packed, boolean add) {
        String name = method(packed, add);
        String call = "a, a0 + i * aRow, aRow, "
                + (packed ? "b, b0, " : masked ? "aStep, b, b0, bStep, " : "aStep, b, b0, bStep, bLast, ")
                + "c, c0 + i * cRow, cRow, "
                + (masked ? "columns" : "cLast")
                + ");\n";
        line("\n    static void " + name + "(int rows, " + parameters(packed) + ") {");
        line("        int i = 0;");
        line("        if (rows >= " + MANY_ROWS + ") {");
        line("            for (; i < rows; i += 4) {");
        source.append("                " + name + "4(depth, Math.min(3, rows - 1 - i), " + call);
        line("            }");
        line("            return;");
        line("        }");
        line("        for (; rows - i > 6 || rows - i == 4; i += 4) {");
        source.append("            " + name + "4(depth, " + (ROWS - 1) + ", " + call);
        line("        }");
        line("        if (rows - i >= 3) {");
        source.append("            " + name + "3(depth, " + call);
        line("            i += 3;");
        line("        }");
        line("        switch (rows - i) {");
        for (int rows = 1; rows <= 3; rows++) {
            source.append("            case " + rows + " -> " + name + rows + "(depth, " + call);
        }
        line("            default -> {}");
        line("        }");
        line("    }");
    }

    private void tile(int rows, boolean packed, boolean add) {
        boolean full = rows == ROWS;
        line("\n    private static void " + method(packed, add) + rows + "("
                + parameters(packed).replaceFirst("int depth", full ? "int depth, int lastRow" : "int depth")
                + ") {");
        String mask = masked ? ", mask" : "";
        if (masked) {
            line("        VectorMask<TYPE> mask = S.indexInRange(0, columns);");
        }
        beforeLoop(rows, add, mask);
        if (masked) {
            // A mask within the loop now and then had C2 box the sums: only steps whose vector reaches past the end
            // have
            // one.
            line(
                    "        int whole = b.length < b0 + L ? 0 : Math.min(depth, (b.length - b0 - L) / Math.max(1, bStep) + 1);");
            loop(rows, packed, "int p = 0; p < whole; p++", "");
            loop(rows, packed, "int p = whole; p < depth; p++", mask);
        } else {
            loop(rows, packed, "int p = 0; p < depth; p++", "");
        }
        afterLoop(rows, mask);
        line("    }");
    }

    /** The sums, and where the rows of A are. */
    private void beforeLoop(int rows, boolean add, String mask) {
        boolean full = rows == ROWS;
        for (int i = 1; full && i < rows; i++) {
            line("        int i" + i + " = Math.min(" + i + ", lastRow);");
        }
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                String at = "c0 + " + number(i, full) + " * cRow + " + place(v, "cLast");
                line("        TYPEVector sum" + i + v + " = "
                        + (add ? "TYPEVector.fromArray(S, c, " + at + mask + ");" : "TYPEVector.zero(S);"));
            }
        }
        for (int i = 0; i < rows; i++) {
            line("        int row" + i + " = a0 + " + number(i, full) + " * aRow;");
        }
    }

    private void loop(int rows, boolean packed, String range, String mask) {
        line("        for (" + range + ") {");
        line("            int q = " + (packed ? "p;" : "p * aStep;"));
        line("            int r = b0 + p * " + (packed ? "(VECTORS * L);" : "bStep;"));
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + "
                    + (packed ? v + " * L" : place(v, "bLast")) + mask + ");");
        }
        multiplyAdds(rows);
        line("        }");
    }

    private void multiplyAdds(int rows) {
        for (int i = 0; i < rows; i++) {
            line("            TYPEVector x" + i + " = TYPEVector.broadcast(S, a[row" + i + " + q]);");
            for (int v = 0; v < vectors; v++) {
                line("            sum" + i + v + " = x" + i + ".lanewise(VectorOperators.FMA, w" + v + ", sum" + i + v
                        + ");");
            }
        }
    }

    private void afterLoop(int rows, String mask) {
        boolean full = rows == ROWS;
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        sum" + i + v + ".intoArray(c, c0 + " + number(i, full) + " * cRow + " + place(v, "cLast")
                        + mask + ");");
            }
        }
    }

    /** A tile of 4 rows, or as many as there are, that reads B in place and packs it on the way. */
    private void packing(boolean add) {
        line("\n    static void packing" + (add ? "Add" : "")
                + "(int depth, int lastRow, ELEMENT[] a, int a0, int aRow, "
                + "ELEMENT[] b, int b0, int bStep, int bLast, ELEMENT[] to, int to0, "
                + "ELEMENT[] c, int c0, int cRow, int cLast) {");
        beforeLoop(ROWS, add, "");
        line("        for (int p = 0; p < depth; p++) {");
        line("            int q = p;");
        line("            int r = b0 + p * bStep;");
        line("            int at = to0 + p * (VECTORS * L);");
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + " + place(v, "bLast") + ");");
            line("            w" + v + ".intoArray(to, at + " + v + " * L);");
        }
        multiplyAdds(ROWS);
        line("        }");
        afterLoop(ROWS, "");
        line("    }");
    }

    private void pack(boolean scaled) {
        line("\n    static void " + (scaled ? "packScaled(ELEMENT scale, " : "pack(")
                + "int depth, ELEMENT[] b, int b0, int bStep, int bLast, ELEMENT[] to, int to0) {");
        line("        for (int p = 0; p < depth; p++) {");
        line("            int from = b0 + p * bStep;");
        line("            int at = to0 + p * (VECTORS * L);");
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector.fromArray(S, b, from + " + place(v, "bLast") + ")"
                    + (scaled ? ".mul(scale)" : "") + ".intoArray(to, at + " + v + " * L);");
        }
        line("        }");
        line("    }");
    }

    /** The number of a row, or of the last one where a full tile has not so many. */
    private static String number(int row, boolean full) {
        return (full && row > 0 ? "i" : "") + row;
    }

    /** Where vector v of a row is: the last one at a given place, which lets it overlap its neighbour. */
    private String place(int v, String last) {
        return v > 0 && v == vectors - 1 ? last : v + " * L";
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
