package dev.lanewise.nn.data;

import dev.lanewise.nn.io.FileException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file in the IDX format of MNIST: an array of unsigned bytes.
 *
 * <pre>
 * byte 0, 1   0
 * byte 2      type of the elements; 8 is unsigned bytes, the only one read here
 * byte 3      number of dimensions d
 * 4 bytes     each of d dimensions, big-endian, outermost first
 * ...         the elements, row-major
 * </pre>
 *
 * <p>The format is described at the end of Yann LeCun's MNIST page. A file may be compressed with gzip; its first bytes
 * tell, not its name.
 *
 * @param dimensions the dimensions, outermost first
 * @param data the elements, row-major; not a copy
 */
public record Idx(List<Integer> dimensions, byte[] data) {
    private static final int UNSIGNED_BYTES = 8;

    /**
     * Reads a file.
     *
     * @param file the file, gzip or not
     * @param rank how many dimensions it must have
     * @return what it holds
     * @throws FileException if it can't be read, is not IDX, is truncated or longer than its dimensions say
     */
    public static Idx read(Path file, int rank) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in, rank);
        } catch (IOException e) {
            throw FileException.of(file, "can't be read; expected an IDX file", e);
        }
    }

    /**
     * Reads a stream.
     *
     * @param name what messages call it
     * @param stream the bytes, gzip or not; left open
     * @param rank how many dimensions it must have
     * @return what it holds
     * @throws FileException if it is not IDX, is truncated or longer than its dimensions say
     * @throws IOException if the stream fails
     */
    public static Idx read(String name, InputStream stream, int rank) throws IOException {
        try {
            return readPlain(name, unpacked(stream), rank);
        } catch (EOFException e) {
            throw new FileException(name, "is truncated; expected a whole gzip stream", e);
        } catch (ZipException e) {
            throw new FileException(name, "is damaged (" + e.getMessage() + "); expected a gzip stream", e);
        }
    }

    private static InputStream unpacked(InputStream stream) throws IOException {
        InputStream in = new BufferedInputStream(stream, 1 << 16);
        in.mark(2);
        boolean packed = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return packed ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private static Idx readPlain(String name, InputStream in, int rank) throws IOException {
        int expected = UNSIGNED_BYTES << 8 | rank;
        int magic = bigEndian(name, in);
        if (magic != expected) {
            throw new FileException(
                    name,
                    String.format(
                            "begins with 0x%08x; expected 0x%08x, an IDX file of unsigned bytes with %d dimension%s",
                            magic, expected, rank, rank == 1 ? "" : "s"));
        }
        Integer[] dimensions = new Integer[rank];
        long size = 1;
        for (int axis = 0; axis < rank; axis++) {
            dimensions[axis] = bigEndian(name, in);
            if (dimensions[axis] < 0 || (size *= dimensions[axis]) > Integer.MAX_VALUE - 8) {
                throw new FileException(
                        name,
                        "dimension " + axis + " is " + Integer.toUnsignedString(dimensions[axis])
                                + "; expected at most 2 GiB of data in all");
            }
        }
        // Grows as the bytes come, so that dimensions that lie can't make us reserve what the file doesn't have.
        byte[] data = in.readNBytes((int) size);
        if (data.length < size) {
            throw new FileException(
                    name,
                    "is truncated: it has " + data.length + " bytes of data; expected " + size + " ("
                            + List.of(dimensions) + ")");
        }
        if (in.read() != -1) {
            throw new FileException(
                    name, "goes on after its data; expected " + size + " bytes (" + List.of(dimensions) + ")");
        }
        return new Idx(List.of(dimensions), data);
    }

    private static int bigEndian(String name, InputStream in) throws IOException {
        byte[] four = in.readNBytes(4);
        if (four.length < 4) {
            throw new FileException(name, "is truncated: it ends within the header; expected an IDX file");
        }
        return (four[0] & 0xFF) << 24 | (four[1] & 0xFF) << 16 | (four[2] & 0xFF) << 8 | four[3] & 0xFF;
    }
}
