import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of one vector for blocks of few columns, for floats and doubles, with a method for each number of rows. Run
 * by the build; argument: the folder to write to.
 *
 * <p>A step of one vector has as many multiply-adds as rows. On a core that starts two in each cycle and has each done after
 * four, eight rows hide that, and four run at half the speed.
 */
final class GenerateNarrowTiles {
    /** The most rows of a tile. */
    private static final int ROWS = 8;

    private final StringBuilder source = new StringBuilder();

    private GenerateNarrowTiles() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            Path file = folder.resolve(type + "NarrowTile.java");
            String tile = new GenerateNarrowTiles().tile(type);
            // An unchanged file keeps its time, so that nothing is compiled anew.
            if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                Files.writeString(file, tile);
            }
        }
    }

    private String tile(String type) {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.TYPEVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to ROWS rows by one vector; see {@link TYPENarrowTiles} for what they compute and assume. Generated. */
                final class TYPENarrowTile {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;

                    /** The most rows of a tile. */
                    static final int ROWS = MOST;

                    private TYPENarrowTile() {}
                """);
        for (boolean byColumns : new boolean[] {false, true}) {
            dispatch(byColumns);
            for (int rows = 1; rows <= ROWS; rows++) {
                tile(rows, byColumns, false);
                tile(rows, byColumns, true);
            }
        }
        return source.append("}\n")
                .toString()
                .replace("MOST", Integer.toString(ROWS))
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    private static String kind(boolean byColumns) {
        return byColumns ? "byColumns" : "byRows";
    }

    private static String parameters(boolean byColumns) {
        return "int depth, ELEMENT[] a, int a0, " + (byColumns ? "int aStep" : "int aRow")
                + ", ELEMENT[] b, int b0, int bStep, ELEMENT[] c, int c0, int cRow) {";
    }

    private void dispatch(boolean byColumns) {
        line("\n    static void " + kind(byColumns) + "(boolean add, int rows, " + parameters(byColumns));
        line("        switch (add ? rows + " + ROWS + " : rows) {");
        for (int rows = 1; rows <= ROWS; rows++) {
            String arguments =
                    rows + "(depth, a, a0, " + (byColumns ? "aStep" : "aRow") + ", b, b0, bStep, c, c0, cRow);";
            line("            case " + rows + " -> " + kind(byColumns) + arguments);
            line("            case " + (rows + ROWS) + " -> " + kind(byColumns) + "Add" + arguments);
        }
        line("            default -> throw new AssertionError(rows);");
        line("        }");
        line("    }");
    }

    private void tile(int rows, boolean byColumns, boolean add) {
        line("\n    private static void " + kind(byColumns) + (add ? "Add" : "") + rows + "(" + parameters(byColumns));
        for (int i = 0; i < rows; i++) {
            line("        TYPEVector sum" + i + " = "
                    + (add ? "TYPEVector.fromArray(S, c, c0 + " + i + " * cRow);" : "TYPEVector.zero(S);"));
        }
        for (int i = 0; i < rows && !byColumns; i++) {
            line("        int row" + i + " = a0 + " + i + " * aRow;");
        }
        line("        for (int p = 0; p < depth; p++) {");
        if (byColumns) {
            line("            int q = a0 + p * aStep;");
        }
        line("            TYPEVector w = TYPEVector.fromArray(S, b, b0 + p * bStep);");
        for (int i = 0; i < rows; i++) {
            line("            TYPEVector x" + i + " = TYPEVector.broadcast(S, a["
                    + (byColumns ? "q + " + i : "row" + i + " + p") + "]);");
            line("            sum" + i + " = x" + i + ".lanewise(VectorOperators.FMA, w, sum" + i + ");");
        }
        line("        }");
        for (int i = 0; i < rows; i++) {
            line("        sum" + i + ".intoArray(c, c0 + " + i + " * cRow);");
        }
        line("    }");
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
