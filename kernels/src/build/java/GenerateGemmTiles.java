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

    private final String type;
    private final String species;
    private final String name;
    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    private GenerateGemmTiles(String type, String species, String name, int vectors) {
        this.type = type;
        this.species = species;
        this.name = name;
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (String type : new String[] {"Float", "Double"}) {
            String all = type.toUpperCase() + "S";
            for (int vectors = 1; vectors <= 4; vectors++) {
                new GenerateGemmTiles(type, all, type + "Tile4x" + vectors, vectors).write(folder);
            }
            for (int bits = 128; bits <= 256; bits *= 2) {
                for (int vectors = 1; vectors <= 2; vectors++) {
                    new GenerateGemmTiles(type, all + "_" + bits, type + bits + "Tile4x" + vectors, vectors)
                            .write(folder);
                }
            }
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
                import jdk.incubator.vector.VectorSpecies;

                /** Tiles of 1 to 4 rows by VECTORS vectors; see {@link TYPETiles} for what they compute and assume. Generated. */
                final class NAME {
                    private static final VectorSpecies<TYPE> S = Lanes.SPECIES;
                    private static final int L = S.length();

                    private NAME() {}
                """);
        boolean full = !name.contains("128") && !name.contains("256");
        for (int kind = full ? 0 : 2; kind < 4; kind++) {
            boolean packed = kind < 2;
            boolean fromStart = (kind & 1) == 1;
            rowLoop(packed, fromStart);
            for (int rows = 1; rows <= ROWS; rows++) {
                tile(rows, packed, fromStart);
            }
        }
        if (full) {
            pack(false);
            pack(true);
        }
        return source.append("}\n")
                .toString()
                .replace("VECTORS", Integer.toString(vectors))
                .replace("NAME", name)
                .replace("SPECIES", species)
                .replace("TYPE", type)
                .replace("ELEMENT", type.toLowerCase());
    }

    private static String method(boolean packed, boolean fromStart) {
        return (packed ? "packed" : "strided") + (fromStart ? "From" : "");
    }

    private static String parameters(boolean packed, boolean fromStart) {
        return "int depth, ELEMENT[] a, int a0, int aRow, "
                + (packed ? "ELEMENT[] b, int b0, " : "int aStep, ELEMENT[] b, int b0, int bStep, int bLast, ")
                + (fromStart ? "ELEMENT[] s, int s0, int sRow, " : "")
                + "ELEMENT[] c, int c0, int cRow, int cLast";
    }

    /** Covers rows by tiles of 4, and an end of 5 or 6 by 3 and the rest: a tile of one row is slow. */
    private void rowLoop(boolean packed, boolean fromStart) {
        String name = method(packed, fromStart);
        String call = "(depth, a, a0 + i * aRow, aRow, "
                + (packed ? "b, b0, " : "aStep, b, b0, bStep, bLast, ")
                + (fromStart ? "s, s0 + i * sRow, sRow, " : "")
                + "c, c0 + i * cRow, cRow, cLast);\n";
        line("\n    static void " + name + "(int rows, " + parameters(packed, fromStart) + ") {");
        line("        int i = 0;");
        line("        for (; rows - i > 6 || rows - i == 4; i += 4) {");
        source.append("            " + name + "4" + call);
        line("        }");
        line("        if (rows - i >= 3) {");
        source.append("            " + name + "3" + call);
        line("            i += 3;");
        line("        }");
        line("        switch (rows - i) {");
        for (int rows = 1; rows <= 3; rows++) {
            source.append("            case " + rows + " -> " + name + rows + call);
        }
        line("            default -> {}");
        line("        }");
        line("    }");
    }

    private void tile(int rows, boolean packed, boolean fromStart) {
        line("\n    private static void " + method(packed, fromStart) + rows + "(" + parameters(packed, fromStart)
                + ") {");
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                String at = "s0 + " + i + " * sRow + " + place(v, "cLast");
                line("        TYPEVector sum" + i + v + " = "
                        + (fromStart ? "TYPEVector.fromArray(S, s, " + at + ");" : "TYPEVector.zero(S);"));
            }
        }
        for (int i = 0; i < rows; i++) {
            line("        int row" + i + " = a0 + " + i + " * aRow;");
        }
        line("        for (int p = 0; p < depth; p++) {");
        line("            int q = " + (packed ? "p;" : "p * aStep;"));
        line("            int r = b0 + p * " + (packed ? "(VECTORS * L);" : "bStep;"));
        for (int v = 0; v < vectors; v++) {
            line("            TYPEVector w" + v + " = TYPEVector.fromArray(S, b, r + "
                    + (packed ? v + " * L" : place(v, "bLast")) + ");");
        }
        for (int i = 0; i < rows; i++) {
            line("            TYPEVector x" + i + " = TYPEVector.broadcast(S, a[row" + i + " + q]);");
            for (int v = 0; v < vectors; v++) {
                line("            sum" + i + v + " = x" + i + ".fma(w" + v + ", sum" + i + v + ");");
            }
        }
        line("        }");
        for (int i = 0; i < rows; i++) {
            for (int v = 0; v < vectors; v++) {
                line("        sum" + i + v + ".intoArray(c, c0 + " + i + " * cRow + " + place(v, "cLast") + ");");
            }
        }
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

    /** Where vector v of a row is: the last one at a given place, which lets it overlap its neighbour. */
    private String place(int v, String last) {
        return v > 0 && v == vectors - 1 ? last : v + " * L";
    }

    private void line(String line) {
        source.append(line).append('\n');
    }
}
