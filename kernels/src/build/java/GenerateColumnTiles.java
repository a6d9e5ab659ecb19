import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles that read A by columns: one class for each element type and number of vectors, with a method for each
 * number of rows. Run by the build; argument: the folder to write to.
 *
 * <p>The rows of A are next to each other, so all of them have one place and constants: C2 needs few registers, and a tile
 * can be tall.
 */
final class GenerateColumnTiles {
    /** The most rows of a tile. */
    private static final int ROWS = 8;

    /** The most sums of a tile: with the row of B and a broadcast of A, 29 of 32 registers. */
    private static final int SUMS = 24;

    private final String type;
    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    private GenerateColumnTiles(String type, int vectors) {
        this.type = type;
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            for (int vectors = 1; vectors <= 4; vectors++) {
                Path file = folder.resolve(type + "ColumnTile" + vectors + ".java");
                String tile = new GenerateColumnTiles(type, vectors).tile();
                // An unchanged file keeps its time, so that nothing is compiled anew.
                if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                    Files.writeString(file, tile);
                }
            }
        }
    }

    private String tile() {
        int most = Math.min(ROWS, SUMS / vectors);
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.TYPEVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to MOST rows by VECTORS vectors; see {@link TYPEColumnTiles} for what they compute and assume. Generated. */
                final class TYPEColumnTileVECTORS {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private TYPEColumnTileVECTORS() {}
                """);
        dispatch(most);
        for (int rows = 1; rows <= most; rows++) {
            tile(rows, false);
            tile(rows, true);
        }
        return source.append("}\n")
                .toString()
                .replace("MOST", Integer.toString(most))
                .replace("VECTORS", Integer.toString(vectors))
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    private void dispatch(int most) {
        line(
                "\n    static void run(int rows, int depth, ELEMENT[] a, int a0, int aStep, ELEMENT[] b, int b0, int bStep,"
                        + " int last, boolean add, ELEMENT[] c, int c0, int cRow) {");
        line("        switch (add ? rows + " + ROWS + " : rows) {");
        for (int rows = 1; rows <= most; rows++) {
            String arguments = rows + "(depth, a, a0, aStep, b, b0, bStep, last, c, c0, cRow);";
            line("            case " + rows + " -> set" + arguments);
            line("            case " + (rows + ROWS) + " -> add" + arguments);
        }
        line("            default -> throw new AssertionError(rows);");
        line("        }");
        line("    }");
    }

    private void tile(int rows, boolean add) {
        line("\n    private static void " + (add ? "add" : "set") + rows
                + "(int depth, ELEMENT[] a, int a0, int aStep, ELEMENT[] b, int b0, int bStep, int last,"
                + " ELEMENT[] c, int c0, int cRow) {");
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        TYPEVector sum" + i + v + " = "
                        + (add ? "TYPEVector.fromArray(S, c, " + target(i, v) + ");" : "TYPEVector.zero(S);"));
            }
        }
        line("        for (int p = 0; p < depth; p++) {");
        line("            int q = a0 + p * aStep;");
        line("            int r = b0 + p * bStep;");
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + " + place(v) + ");");
        }
        for (int i = 0; i < rows; i++) {
            line("            TYPEVector x" + i + " = TYPEVector.broadcast(S, a[q + " + i + "]);");
            for (int v = 0; v < vectors; v++) {
                String sum = "sum" + i + v;
                line("            " + sum + " = x" + i + ".lanewise(VectorOperators.FMA, w" + v + ", " + sum + ");");
            }
        }
        line("        }");
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        sum" + i + v + ".intoArray(c, " + target(i, v) + ");");
            }
        }
        line("    }");
    }

    private String target(int row, int v) {
        return "c0 + " + row + " * cRow + " + place(v);
    }

    /** Where vector v of a row is: the last one at a given place, which lets it overlap its neighbour. */
    private String place(int v) {
        return v > 0 && v == vectors - 1 ? "last" : v + " * L";
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
