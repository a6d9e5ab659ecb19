import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the tiles of up to 8 rows: one class for each layout of the factors, element type and number of vectors, with a method
 * for each number of rows. Run by the build; argument: the folder to write to.
 *
 * <p>All rows of A have one place and constants: C2 needs few registers, and a tile can be tall.
 *
 * <p>Of A by columns and panels of two vectors there is a method for all tiles of the same rows, side by side, too ({@code along}). It checks once what it writes, and
 * processors begin with a tile before the last one has ended: 5 rows by 2 vectors and 100 steps ran at 91 to 98 GFLOP/s so, at 84 to 90 one by one (Zen 3).
 */
final class GenerateTallTiles {
    /** The most rows of a tile. */
    private static final int ROWS = 8;

    /** The most rows of tiles along them: 6 by 2 vectors leave 16 registers no room for what C2 loads ahead, and ran at half the speed. */
    private static final int ROWS_ALONG = 5;

    /** Where the factors are. */
    private enum Layout {
        /** A by columns and B in place: at most 24 sums, with the row of B and a broadcast of A 29 of 32 registers. */
        COLUMN("Column", 4, 24, "ELEMENT[] a, int a0, int aStep, ELEMENT[] b, int b0, int bStep") {
            @Override
            String vector(int v, int vectors) {
                return column(v, vectors);
            }
        },

        /**
         * A by columns and B in panels. C2 keeps the bounds check of each step of A, and so loads the elements of A one by one, and
         * not ahead of their use.
         */
        PANEL("Panel", 2, 16, "ELEMENT[] a, int a0, int aStep, ELEMENT[] b, int b0"),

        /**
         * A at places of a table from step to step, and B in panels. There are no tiles along rows: with the table C2 has too few general registers for
         * them, and passes some through vector registers in each step; 5x5 layers ran at 62 GFLOP/s, not 76 (Zen 3).
         */
        PATCH("Patch", 2, 16, "ELEMENT[] a, int a0, int[] steps, int step0, ELEMENT[] b, int b0"),

        /**
         * Copies of both, at constant distances, so that C2 moves every bounds check out of the loop: at most 16 sums, with what
         * C2 loads ahead of its use 26 registers.
         */
        BLOCK("Block", 2, 16, "ELEMENT[] a, int a0, ELEMENT[] b, int b0") {
            @Override
            String row(int row) {
                return row + " * TYPEBlockTiles.A_ROW";
            }
        };

        private final String title;

        /** The most vectors of a tile. */
        private final int mostVectors;

        /** The most sums of a tile. */
        private final int sums;

        /** The parameters that say where the factors are. */
        private final String factors;

        /**
         * Whether the place in A is a sum, not a product of p: a tile of 5 rows by 2 vectors takes 30 instructions a step so, 33
         * otherwise, and with those it ran at 77 GFLOP/s in place of 91 (Zen 3, which starts six in a cycle).
         */
        private final boolean addsSteps;

        Layout(String title, int mostVectors, int sums, String factors) {
            this.title = title;
            this.mostVectors = mostVectors;
            this.sums = sums;
            this.factors = factors;
            this.addsSteps = factors.contains("aStep");
        }

        /** Where a row of A is from the first: next to each other. */
        String row(int row) {
            return Integer.toString(row);
        }

        /** Where a vector of B is from the first column: in a panel. */
        String vector(int v, int vectors) {
            return v + " * L";
        }
    }

    private final Layout layout;
    private final String type;
    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    private GenerateTallTiles(Layout layout, String type, int vectors) {
        this.layout = layout;
        this.type = type;
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (Layout layout : Layout.values()) {
            // Convolutions are of floats alone.
            for (String type : layout == Layout.PATCH ? List.of("Float") : List.of("Float", "Double")) {
                for (int vectors = 1; vectors <= layout.mostVectors; vectors++) {
                    Path file = folder.resolve(type + layout.title + "Tile" + vectors + ".java");
                    String tile = new GenerateTallTiles(layout, type, vectors).tile();
                    // An unchanged file keeps its time, so that nothing is compiled anew.
                    if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                        Files.writeString(file, tile);
                    }
                }
            }
        }
    }

    private String tile() {
        int most = Math.min(ROWS, layout.sums / vectors);
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import dev.lanewise.runtime.Steps;
                import jdk.incubator.vector.TYPEVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to MOST rows by VECTORS vectors; see {@link TYPELAYOUTTiles} for what they compute and assume. Generated. */
                final class TYPELAYOUTTileVECTORS {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private TYPELAYOUTTileVECTORS() {}
                """);
        dispatch(most, false);
        for (int rows = 1; rows <= most; rows++) {
            tile(rows, false);
            tile(rows, true);
        }
        if (layout == Layout.PANEL && vectors == layout.mostVectors) {
            dispatch(ROWS_ALONG, true);
            for (int rows = 1; rows <= ROWS_ALONG; rows++) {
                along(rows, false);
                along(rows, true);
            }
        }
        return source.append("}\n")
                .toString()
                .replace("MOST", Integer.toString(most))
                .replace("VECTORS", Integer.toString(vectors))
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("LAYOUT", layout.title)
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    private void dispatch(int most, boolean along) {
        String extent = along ? "int panels, int depth, " : "int depth, ";
        String end = along ? "" : ", int last";
        line("\n    static void " + (along ? "along" : "run") + "(int rows, " + extent + layout.factors + end
                + ", boolean add, ELEMENT[] c, int c0, int cRow) {");
        String names = (extent + layout.factors + end).replaceAll("(ELEMENT\\[]|int\\[]|int) ", "");
        String title = along ? "Along" : "";
        line("        switch (add ? rows + " + ROWS + " : rows) {");
        for (int rows = 1; rows <= most; rows++) {
            String arguments = title + rows + "(" + names + ", c, c0, cRow);";
            line("            case " + rows + " -> set" + arguments);
            line("            case " + (rows + ROWS) + " -> add" + arguments);
        }
        line("            default -> throw new AssertionError(rows);");
        line("        }");
        line("    }");
    }

    private void tile(int rows, boolean add) {
        line("\n    private static void " + (add ? "add" : "set") + rows + "(int depth, " + layout.factors
                + ", int last, ELEMENT[] c, int c0, int cRow) {");
        sums(rows, add, "c0 + ROW * cRow + VECTOR");
        if (layout.addsSteps) {
            line("        int q = a0;");
        }
        line("        int first = 0;");
        line("        do { // Steps says why.");
        line("        int end = Steps.CUT ? Math.min(depth, first + Steps.AT_ONCE) : depth;");
        line("        for (int p = first; p < end; p++) {");
        step(rows, "b0");
        line("        }");
        line("        first += Steps.AT_ONCE;");
        line("        } while (Steps.CUT && first < depth);");
        results(rows, "c0 + ROW * cRow + VECTOR");
        line("    }");
    }

    /** The loop over tiles does for {@code Steps} what cutting does. */
    private void along(int rows, boolean add) {
        line("\n    private static void " + (add ? "add" : "set") + "Along" + rows + "(int panels, int depth, "
                + layout.factors + ", ELEMENT[] c, int c0, int cRow) {");
        line("        int last = " + (vectors - 1) + " * L;");
        for (int i = 0; i < rows; i++) {
            line("        int to" + i + " = c0 + " + i + " * cRow;");
        }
        line("        for (int j = 0; j < panels * (VECTORS * L); j += VECTORS * L) {");
        line("        int panel = b0 + depth * j;");
        sums(rows, add, "toROW + j + VECTOR");
        line("        int q = a0;");
        line("        for (int p = 0; p < depth; p++) {");
        step(rows, "panel");
        line("        }");
        results(rows, "toROW + j + VECTOR");
        line("        }");
        line("    }");
    }

    private void sums(int rows, boolean add, String place) {
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        TYPEVector sum" + i + v + " = "
                        + (add ? "TYPEVector.fromArray(S, c, " + place(place, i, v) + ");" : "TYPEVector.zero(S);"));
            }
        }
    }

    private void step(int rows, String panel) {
        if (!layout.addsSteps) {
            line("            int q = a0 + " + (layout == Layout.PATCH ? "steps[step0 + p];" : "p;"));
        }
        line("            int r = " + panel + " + p * " + (layout == Layout.COLUMN ? "bStep;" : "(VECTORS * L);"));
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + " + layout.vector(v, vectors)
                    + ");");
        }
        for (int i = 0; i < rows; i++) {
            line("            TYPEVector x" + i + " = TYPEVector.broadcast(S, a[q + " + layout.row(i) + "]);");
            for (int v = 0; v < vectors; v++) {
                String sum = "sum" + i + v;
                line("            " + sum + " = x" + i + ".lanewise(VectorOperators.FMA, w" + v + ", " + sum + ");");
            }
        }
        if (layout.addsSteps) {
            line("            q += aStep;");
        }
    }

    private void results(int rows, String place) {
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        sum" + i + v + ".intoArray(c, " + place(place, i, v) + ");");
            }
        }
    }

    private String place(String place, int row, int v) {
        return place.replace("ROW", Integer.toString(row)).replace("VECTOR", column(v, vectors));
    }

    /** Where vector v of a row is: the last one at a given place, which lets it overlap its neighbour. */
    private static String column(int v, int vectors) {
        return v > 0 && v == vectors - 1 ? "last" : v + " * L";
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
