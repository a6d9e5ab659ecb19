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

    /** From this many rows on, tiles for 16 registers have one for columns that fill their vectors. */
    private static final int LOW_WHOLE = 3;

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
                import dev.lanewise.runtime.Steps;
                import jdk.incubator.vector.TYPEVector;
                MASKIMPORTimport jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to TALL rows by VECTORS vectors; see {@link TYPETiles} for what they compute and assume. Generated. */
                final class NAME {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private NAME() {}
                """);
        // One vector of columns with B in place is for the narrow tiles.
        int kinds = vectors == 1 && !masked ? 2 : 4;
        for (int kind = masked ? 2 : 0; kind < kinds; kind++) {
            boolean packed = kind < 2;
            boolean add = (kind & 1) == 1;
            rowLoop(packed, add);
            if (!masked) {
                if (tallRows() > ROWS) {
                    tile(tallRows(), packed, add, true);
                }
                tile(ROWS, packed, add, true);
            }
            for (int rows = 1; rows <= ROWS; rows++) {
                tile(rows, packed, add, false);
            }
            if (fitsSixteenRegisters()) {
                sixteenRegisters(packed, add);
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
                .replace("TALL", Integer.toString(masked ? ROWS : tallRows()))
                .replace("NAME", name)
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    /**
     * Rows of the tallest tile whose columns fill their vectors. Two vectors take 8, though their places spill: each vector
     * of B that is read then serves twice as many sums. 784x32x25 ran at 174 to 188 GFLOP/s with 4 rows and at 190 to 211
     * with 8, 6272x32x25 at 171 to 185 and 191 to 204, 32x32x32 at 180 and 186 (Zen 5).
     */
    private int tallRows() {
        return vectors == 2 ? 2 * ROWS : ROWS;
    }

    private boolean fitsSixteenRegisters() {
        return vectors <= 3 && !masked;
    }

    /**
     * Rows of the tallest tile with 16 registers, of which 12 sums and their operands fill 15. Of 3 vectors only 3 rows: C2 loads
     * operands ahead of their use, and with a sum on the stack a tile runs at half its speed. On Zen 3 (FMA peak 98 GFLOP/s)
     * 4x2 ran at 94, 5x2 at 96, 6x2 at 98, 3x3 at 93, 4x3 at 44, and 8x2 at 58.
     */
    private int lowRows() {
        return vectors == 1 ? 4 : vectors == 2 ? 6 : 3;
    }

    private static String method(boolean packed, boolean add) {
        return (packed ? "packed" : "strided") + (add ? "Add" : "");
    }

    private String parameters(boolean packed, boolean whole) {
        return "int depth, ELEMENT[] a, int a0, int aRow, "
                + "ELEMENT[] b, int b0, "
                + (packed ? "" : "int bStep, ")
                + "ELEMENT[] c, int c0, int cRow"
                + (whole ? "" : masked ? ", int columns" : ", int last");
    }

    /**
     * Covers rows by tiles of 4, and what is left by one of 3, 2 or 1.
     *
     * <p>Where columns fill their vectors, the tile is one of which C2 can keep everything in registers. With the place of
     * the last vector besides, it passes the array of A through a vector register in every step, so that loads of A can't
     * begin before their time: 1024x1024x1024 ran at 180 instead of 240 GFLOP/s (Zen 5).
     */
    private void rowLoop(boolean packed, boolean add) {
        String name = method(packed, add);
        String places = "a, a0 + i * aRow, aRow, " + (packed ? "b, b0, " : "b, b0, bStep, ") + "c, c0 + i * cRow, cRow";
        String end = masked ? ", columns);\n" : ", last);\n";
        line("\n    static void " + name + "(int rows, " + parameters(packed, false) + ") {");
        if (fitsSixteenRegisters()) {
            line("        if (Lanes.REGISTERS == 16) {");
            line("            " + name + "Low(rows, depth, a, a0, aRow, b, b0, " + (packed ? "" : "bStep, ")
                    + "c, c0, cRow, last);");
            line("            return;");
            line("        }");
        }
        line("        int i = 0;");
        if (!masked) {
            line("        if (last == (VECTORS - 1) * L) {");
            for (int rows = tallRows(); rows >= ROWS; rows -= ROWS) {
                line("            for (; i + " + rows + " <= rows; i += " + rows + ") {");
                line("                " + name + "Whole" + rows + "(depth, " + places + ");");
                line("            }");
            }
            line("        }");
        }
        line("        for (; i + 4 <= rows; i += 4) {");
        source.append("            " + name + "4(depth, " + places + end);
        line("        }");
        line("        switch (rows - i) {");
        for (int rows = 1; rows <= 3; rows++) {
            source.append("            case " + rows + " -> " + name + rows + "(depth, " + places + end);
        }
        line("            default -> {}");
        line("        }");
        line("    }");
    }

    /** The tiles for 16 registers that the others do not have, and the loop that covers rows by them. */
    private void sixteenRegisters(boolean packed, boolean add) {
        lowRowLoop(packed, add);
        for (int rows = LOW_WHOLE; rows <= lowRows(); rows++) {
            if (rows > ROWS) {
                tile(rows, packed, add, false);
            }
            if (rows != ROWS) {
                tile(rows, packed, add, true);
            }
        }
    }

    /** Covers rows by tiles of nearly the same height: a low one has too few chains to hide the latency of the multiply-add. */
    private void lowRowLoop(boolean packed, boolean add) {
        String name = method(packed, add);
        int most = lowRows();
        String places = "a, a0 + i * aRow, aRow, " + (packed ? "b, b0, " : "b, b0, bStep, ") + "c, c0 + i * cRow, cRow";
        line("\n    private static void " + name + "Low(int rows, " + parameters(packed, false) + ") {");
        line("        boolean whole = last == (VECTORS - 1) * L;");
        line("        int i = 0;");
        line("        for (int tiles = (rows + " + (most - 1) + ") / " + most + "; tiles > 0; tiles--) {");
        line("            int high = (rows - i + tiles - 1) / tiles;");
        line("            switch (whole ? high + " + most + " : high) {");
        for (int rows = 1; rows <= most; rows++) {
            String end = "(depth, " + places + ", last);";
            line("                case " + rows + " -> " + name + rows + end);
            line("                case " + (rows + most) + " -> "
                    + (rows < LOW_WHOLE ? name + rows + end : name + "Whole" + rows + "(depth, " + places + ");"));
        }
        line("                default -> throw new AssertionError(high);");
        line("            }");
        line("            i += high;");
        line("        }");
        line("    }");
    }

    /** A tile; the last vector of one that is not whole may overlap the one before. */
    private void tile(int rows, boolean packed, boolean add, boolean whole) {
        line("\n    private static void " + method(packed, add) + (whole ? "Whole" : "") + rows + "("
                + parameters(packed, whole) + ") {");
        String mask = masked ? ", mask" : "";
        if (masked) {
            line("        VectorMask<TYPE> mask = S.indexInRange(0, columns);");
        }
        beforeLoop(rows, add, mask, whole);
        if (masked) {
            // A mask within the loop now and then had C2 box the sums: only steps whose vector reaches past the end
            // have one.
            line("        int whole = b.length < b0 + L ? 0"
                    + " : Math.min(depth, (b.length - b0 - L) / Math.max(1, bStep) + 1);");
            loop(rows, packed, whole, "int p = 0; p < whole; p++", "");
            loop(rows, packed, whole, "int p = whole; p < depth; p++", mask);
        } else {
            line("        int first = 0;");
            line("        do { // Steps says why.");
            line("        int end = Steps.CUT ? Math.min(depth, first + Steps.AT_ONCE) : depth;");
            loop(rows, packed, whole, "int p = first; p < end; p++", "");
            line("        first += Steps.AT_ONCE;");
            line("        } while (Steps.CUT && first < depth);");
        }
        afterLoop(rows, mask, whole);
        line("    }");
    }

    /** The sums, and where the rows of A are. */
    private void beforeLoop(int rows, boolean add, String mask, boolean whole) {
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                String at = "c0 + " + i + " * cRow + " + place(v, whole);
                line("        TYPEVector sum" + i + v + " = "
                        + (add ? "TYPEVector.fromArray(S, c, " + at + mask + ");" : "TYPEVector.zero(S);"));
            }
        }
        for (int i = 0; i < rows; i++) {
            line("        int row" + i + " = a0 + " + i + " * aRow;");
        }
    }

    private void loop(int rows, boolean packed, boolean whole, String range, String mask) {
        // A sum, not a product of p, which has to wait for a factor on the stack: 8x1000x1000 ran at 57 GFLOP/s with
        // the
        // product and runs at 63, 12x100x100 at 74 and 79 (Zen 3). Where a tile packs, or A's place is such a sum as
        // well,
        // nothing is gained. Not measured for tiles of 4 vectors, most of which are for 32 registers.
        boolean carried = !packed && !masked && vectors < 4;
        if (carried) {
            line("        int r = b0 + first * bStep;");
        }
        line("        for (" + range + ") {");
        line("            int q = p;");
        if (!carried) {
            line("            int r = b0 + p * " + (packed ? "(VECTORS * L);" : "bStep;"));
        }
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + " + place(v, packed || whole)
                    + mask + ");");
        }
        multiplyAdds(rows);
        if (carried) {
            line("            r += bStep;");
        }
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

    private void afterLoop(int rows, String mask, boolean whole) {
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        sum" + i + v + ".intoArray(c, c0 + " + i + " * cRow + " + place(v, whole) + mask + ");");
            }
        }
    }

    /** A tile of 4 rows that reads B in place and packs it on the way, whole or with a last vector that overlaps. */
    private void packing(boolean add) {
        String name = "packing" + (add ? "Add" : "");
        String places = "depth, a, a0, aRow, b, b0, bStep, to, to0, c, c0, cRow";
        line("\n    static void " + name + "(" + packingParameters(false) + ") {");
        line("        if (last == (VECTORS - 1) * L) {");
        line("            " + name + "Whole(" + places + ");");
        line("        } else {");
        line("            " + name + "End(" + places + ", last);");
        line("        }");
        line("    }");
        packing(add, true);
        packing(add, false);
    }

    private static String packingParameters(boolean whole) {
        return "int depth, ELEMENT[] a, int a0, int aRow, ELEMENT[] b, int b0, int bStep, ELEMENT[] to, int to0, "
                + "ELEMENT[] c, int c0, int cRow"
                + (whole ? "" : ", int last");
    }

    private void packing(boolean add, boolean whole) {
        line("\n    private static void packing" + (add ? "Add" : "") + (whole ? "Whole(" : "End(")
                + packingParameters(whole) + ") {");
        beforeLoop(ROWS, add, "", whole);
        line("        for (int p = 0; p < depth; p++) {");
        line("            int q = p;");
        line("            int r = b0 + p * bStep;");
        line("            int at = to0 + p * (VECTORS * L);");
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + " + place(v, whole) + ");");
            line("            w" + v + ".intoArray(to, at + " + v + " * L);");
        }
        multiplyAdds(ROWS);
        line("        }");
        afterLoop(ROWS, "", whole);
        line("    }");
    }

    private void pack(boolean scaled) {
        line("\n    static void " + (scaled ? "packScaled(ELEMENT scale, " : "pack(")
                + "int depth, ELEMENT[] b, int b0, int bStep, int last, ELEMENT[] to, int to0) {");
        line("        for (int p = 0; p < depth; p++) {");
        line("            int from = b0 + p * bStep;");
        line("            int at = to0 + p * (VECTORS * L);");
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector.fromArray(S, b, from + " + place(v, false) + ")"
                    + (scaled ? ".mul(scale)" : "") + ".intoArray(to, at + " + v + " * L);");
        }
        line("        }");
        line("    }");
    }

    /** Where vector v of a row is: the last one at a given place, which lets it overlap its neighbour, or all side by side. */
    private String place(int v, boolean whole) {
        return v > 0 && v == vectors - 1 && !whole ? "last" : v + " * L";
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
