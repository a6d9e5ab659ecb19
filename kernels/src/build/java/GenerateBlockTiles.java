import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles that read copies of both factors: one class for each element type and number of vectors, with a method
 * for each number of rows. Run by the build; argument: the folder to write to.
 *
 * <p>All distances are constants, so one register finds all rows of A, another all of B, and C2 moves every bounds check out
 * of the loop.
 */
final class GenerateBlockTiles {
    /** The most rows of a tile: with 2 vectors 16 sums, and with what C2 loads ahead of its use at most 26 registers. */
    private static final int ROWS = 8;

    private final String type;
    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    private GenerateBlockTiles(String type, int vectors) {
        this.type = type;
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            for (int vectors = 1; vectors <= 2; vectors++) {
                Path file = folder.resolve(type + "BlockTile" + vectors + ".java");
                String tile = new GenerateBlockTiles(type, vectors).tile();
                // An unchanged file keeps its time, so that nothing is compiled anew.
                if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                    Files.writeString(file, tile);
                }
            }
        }
    }

    private String tile() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.TYPEVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to MOST rows by VECTORS vectors; see {@link TYPEBlockTiles} for what they compute and assume. Generated. */
                final class TYPEBlockTileVECTORS {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private TYPEBlockTileVECTORS() {}
                """);
        dispatch();
        for (int rows = 1; rows <= ROWS; rows++) {
            tile(rows, false);
            tile(rows, true);
        }
        return source.append("}\n")
                .toString()
                .replace("MOST", Integer.toString(ROWS))
                .replace("VECTORS", Integer.toString(vectors))
                .replace("SPECIES", type.toUpperCase() + "S")
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    private void dispatch() {
        line(
                "\n    static void run(int rows, int depth, ELEMENT[] a, int a0, ELEMENT[] b, int b0, int last, boolean add,"
                        + " ELEMENT[] c, int c0, int cRow) {");
        line("        switch (add ? rows + MOST : rows) {");
        for (int rows = 1; rows <= ROWS; rows++) {
            String arguments = rows + "(depth, a, a0, b, b0, last, c, c0, cRow);";
            line("            case " + rows + " -> set" + arguments);
            line("            case " + (rows + ROWS) + " -> add" + arguments);
        }
        line("            default -> throw new AssertionError(rows);");
        line("        }");
        line("    }");
    }

    private void tile(int rows, boolean add) {
        line("\n    private static void " + (add ? "add" : "set") + rows
                + "(int depth, ELEMENT[] a, int a0, ELEMENT[] b, int b0, int last, ELEMENT[] c, int c0, int cRow) {");
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        TYPEVector sum" + i + v + " = "
                        + (add ? "TYPEVector.fromArray(S, c, " + target(i, v) + ");" : "TYPEVector.zero(S);"));
            }
        }
        line("        for (int p = 0; p < depth; p++) {");
        line("            int q = a0 + p;");
        line("            int r = b0 + p * (VECTORS * L);");
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + " + v + " * L);");
        }
        for (int i = 0; i < rows; i++) {
            line("            TYPEVector x" + i + " = TYPEVector.broadcast(S, a[q + " + i
                    + " * TYPEBlockTiles.A_ROW]);");
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

    /** Where vector v of a row of C is: the second at a given place, which lets it overlap the first. */
    private String target(int row, int v) {
        return "c0 + " + row + " * cRow" + (v == 0 ? "" : " + last");
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
