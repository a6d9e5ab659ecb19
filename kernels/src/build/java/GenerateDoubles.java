import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the double twins of the float sources whose algorithm is the same: the words are exchanged, nothing else. Run
 * by the build; arguments: the folder of sources and the folder to write to.
 */
final class GenerateDoubles {
    private static final String[] SOURCES = {
        "kernels/FloatBlas",
        "kernels/FloatGemm",
        "kernels/FloatProduct",
        "kernels/FloatNarrowProduct",
        "kernels/FloatShortProduct",
        "kernels/FloatTransposedProduct",
        "kernels/FloatFewRowsProduct",
        "kernels/FloatPackingProduct",
        "kernels/FloatBlockProduct",
        "kernels/FloatMatrixVector",
        "kernels/micro/FloatTiles",
        "kernels/micro/FloatPanels",
        "kernels/micro/FloatBlockTiles",
        "kernels/micro/FloatColumnTiles",
        "kernels/micro/FloatPanelTiles",
        "kernels/micro/FloatNarrowTiles",
        "kernels/micro/FloatShortTiles",
        "kernels/micro/FloatTransposition",
        "kernels/micro/FloatRowSums",
        "kernels/micro/FloatDots",
        "reference/FloatBlasReference"
    };

    private GenerateDoubles() {}

    public static void main(String[] args) throws IOException {
        for (String source : SOURCES) {
            Path from = Path.of(args[0], "dev", "lanewise").resolve(source + ".java");
            Path to = Path.of(args[1], "dev", "lanewise").resolve(source.replace("Float", "Double") + ".java");
            String twin = Files.readString(from)
                    .replace("Float", "Double")
                    .replace("FLOATS", "DOUBLES")
                    .replace("float", "double")
                    .replace("sgem", "dgem");
            Files.createDirectories(to.getParent());
            // An unchanged file keeps its time, so that nothing is compiled anew.
            if (!Files.exists(to) || !Files.readString(to).equals(twin)) {
                Files.writeString(to, twin);
            }
        }
    }
}
