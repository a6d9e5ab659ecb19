import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Cuts the subset of Fashion-MNIST that the command brings along out of the full data set: of each of the ten classes
 * the first 1,000 training and the first 200 test images, in the order of the files.
 *
 * <p>Not run by the build, whose source tree has the result already. To repeat, from the top of the repository:
 *
 * <pre>
 * java bench/src/build/java/EmbeddedSubset.java /usr/share/datasets/fashion-mnist \
 *     bench/src/main/resources/dev/lanewise/bench/fashion-mnist
 * </pre>
 */
final class EmbeddedSubset {
    private static final int CLASSES = 10;
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;

    private EmbeddedSubset() {}

    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0]);
        Path to = Path.of(args[1]);
        Files.createDirectories(to);
        cut(from, to, "train", 1000);
        cut(from, to, "t10k", 200);
    }

    private static void cut(Path from, Path to, String part, int perClass) throws IOException {
        String imageFile = part + "-images-idx3-ubyte.gz";
        String labelFile = part + "-labels-idx1-ubyte.gz";
        ByteArrayOutputStream images = new ByteArrayOutputStream();
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        int side;
        try (DataInputStream imageIn = open(from.resolve(imageFile), IMAGES_MAGIC);
                DataInputStream labelIn = open(from.resolve(labelFile), LABELS_MAGIC)) {
            int count = imageIn.readInt();
            side = imageIn.readInt();
            if (labelIn.readInt() != count || imageIn.readInt() != side) {
                throw new IOException(part + ": expected as many labels as images, and square images");
            }
            int[] taken = new int[CLASSES];
            for (int i = 0; i < count; i++) {
                byte[] image = imageIn.readNBytes(side * side);
                int label = labelIn.readUnsignedByte();
                if (taken[label]++ < perClass) {
                    images.write(image);
                    labels.write(label);
                }
            }
        }
        if (labels.size() != CLASSES * perClass) {
            throw new IOException(part + ": expected at least " + perClass + " images of each class");
        }
        write(to.resolve(imageFile), images.toByteArray(), IMAGES_MAGIC, labels.size(), side, side);
        write(to.resolve(labelFile), labels.toByteArray(), LABELS_MAGIC, labels.size());
    }

    private static DataInputStream open(Path file, int magic) throws IOException {
        DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16));
        if (in.readInt() != magic) {
            throw new IOException(file + ": expected an IDX file");
        }
        return in;
    }

    private static void write(Path file, byte[] data, int... header) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                DataOutputStream packed = new DataOutputStream(new SmallGzip(out))) {
            for (int field : header) {
                packed.writeInt(field);
            }
            packed.write(data);
        }
    }

    /** Gzip at its smallest, which Java's class can only be told from within. */
    private static final class SmallGzip extends GZIPOutputStream {
        SmallGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
