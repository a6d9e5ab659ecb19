import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles: one class for each number of vectors, alike but for their accumulators.
 *
 * <p>They are generated because a tile has to be one flat method in which every vector is a local and every Vector API
 * call is written out: with helpers, C2 stops inlining past its node budget and boxes the accumulators, an eighth of
 * the speed. Run by the build; argument: the folder to write to.
 */
final class GenerateTiles {
    /** 6 x 4 accumulators, 4 vectors of B and a broadcast of A are 29 of 32 registers; 6 x 2 are 15 of 16. */
    private static final int ROWS = 6;

    private final int vectors;
    private final StringBuilder source = new StringBuilder();

    private GenerateTiles(int vectors) {
        this.vectors = vectors;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(folder);
        for (int vectors : new int[] {1, 2, 4}) {
            Path file = folder.resolve("Tile6x" + vectors + ".java");
            String tile = new GenerateTiles(vectors).tile();
            // An unchanged file keeps its time, so that nothing is compiled anew.
            if (!Files.exists(file) || !Files.readString(file).equals(tile)) {
                Files.writeString(file, tile);
            }
        }
    }

    private String tile() {
        source.append("""
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorSpecies;

                /** The tile of %1$d rows by %2$d vectors; see {@link Tiles} for what it computes and assumes. Generated. */
                final class Tile%1$dx%2$d {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                    private static final int L = Lanes.LENGTH;

                    private Tile%1$dx%2$d() {}

                    static void run(
                            int depth,
                            float[] a, int aBase, int[] rows, int row, int[] steps, int step,
                            float[] b, int bBase, int bStride,
                            float[] start, int startBase, int startFollows,
                            float[] c, int cBase, int[] targets, int target) {
                """.formatted(ROWS, vectors));
        forRows("        int a%1$d = aBase + rows[row + %1$d];\n");
        forRows("        int t%1$d = targets[target + %1$d];\n");
        forAccumulators(
                "        FloatVector c%1$d%2$d = FloatVector.fromArray(S, start, startBase + startFollows * t%1$d + %2$d * L);\n");
        source.append("        for (int p = 0; p < depth; p++) {\n");
        source.append("            int q = steps[step + p];\n");
        source.append("            int r = bBase + p * bStride;\n");
        for (int v = 0; v < vectors; v++) {
            source.append("            FloatVector b%1$d = FloatVector.fromArray(S, b, r + %1$d * L);\n".formatted(v));
        }
        for (int i = 0; i < ROWS; i++) {
            source.append("            FloatVector x%1$d = FloatVector.broadcast(S, a[a%1$d + q]);\n".formatted(i));
            for (int v = 0; v < vectors; v++) {
                source.append("            c%1$d%2$d = x%1$d.fma(b%2$d, c%1$d%2$d);\n".formatted(i, v));
            }
        }
        source.append("        }\n");
        forAccumulators("        c%1$d%2$d.intoArray(c, cBase + t%1$d + %2$d * L);\n");
        return source.append("    }\n}\n").toString();
    }

    private void forRows(String line) {
        for (int i = 0; i < ROWS; i++) {
            source.append(line.formatted(i));
        }
    }

    private void forAccumulators(String line) {
        for (int i = 0; i < ROWS; i++) {
            for (int v = 0; v < vectors; v++) {
                source.append(line.formatted(i, v));
            }
        }
    }
}
