package dev.lanewise.nn.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes IDX files for tests. */
final class IdxBytes {
    private IdxBytes() {}

    /** An IDX file of these dimensions whose bytes are 0, 1, 2, ... modulo a number. */
    static byte[] idx(int modulo, int... dimensions) {
        int size = 1;
        for (int dimension : dimensions) {
            size *= dimension;
        }
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) (i % modulo);
        }
        return idx(0x800 | dimensions.length, data, dimensions);
    }

    static byte[] idx(int magic, byte[] data, int... dimensions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(magic);
            for (int dimension : dimensions) {
                out.writeInt(dimension);
            }
            out.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A small Fashion-MNIST: the training images packed, the test images not. */
    static Path fashionMnist(Path folder, int training, int test) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("train-images-idx3-ubyte.gz"), gzip(idx(251, training, 28, 28)));
        Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), gzip(idx(10, training)));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(251, test, 28, 28));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(10, test));
        return folder;
    }
}
