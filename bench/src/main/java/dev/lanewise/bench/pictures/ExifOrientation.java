package dev.lanewise.bench.pictures;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How a camera was held, as it notes in a JPEG file: tag 0x0112 of the Exif standard (CIPA DC-008). Java leaves it to
 * the program to turn the image.
 */
final class ExifOrientation {
    /** The top of the image is up. */
    static final int UPRIGHT = 1;

    private static final int START_OF_IMAGE = 0xFFD8;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final int FIRST_MARKER = 0xFF01;
    private static final int APP1 = 0xFFE1;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ORIENTATION = 0x0112;
    private static final int ENTRY_BYTES = 12;

    private ExifOrientation() {}

    /** Returns the orientation, 1 to 8; {@link #UPRIGHT} where the file notes none, or nothing that makes sense. */
    static int of(Path file) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readUnsignedShort() != START_OF_IMAGE) {
                return UPRIGHT;
            }
            // Segments, each a marker, its length with these two bytes, and data, until the image itself begins.
            for (int marker = in.readUnsignedShort(); marker >= FIRST_MARKER; marker = in.readUnsignedShort()) {
                int length = in.readUnsignedShort() - 2;
                if (marker == START_OF_SCAN || length < 0) {
                    return UPRIGHT;
                }
                byte[] segment = in.readNBytes(length);
                if (marker == APP1 && startsWithPrefix(segment)) {
                    return parse(segment);
                }
            }
        } catch (IOException truncated) {
            // If the image itself is bad, reading it says so.
        }
        return UPRIGHT;
    }

    private static boolean startsWithPrefix(byte[] segment) {
        return segment.length >= PREFIX.length && Arrays.equals(segment, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
    }

    /** The segment is "Exif", two zeros, then a TIFF header with the offset of a list of entries of 12 bytes. */
    static int parse(byte[] segment) {
        try {
            ByteBuffer tiff = ByteBuffer.wrap(segment, PREFIX.length, segment.length - PREFIX.length)
                    .slice();
            tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int list = tiff.getInt(4);
            int entries = tiff.getShort(list) & 0xFFFF;
            for (int i = 0; i < entries; i++) {
                int entry = list + 2 + i * ENTRY_BYTES;
                if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION) {
                    int value = tiff.getShort(entry + 8);
                    return value >= 1 && value <= 8 ? value : UPRIGHT;
                }
            }
        } catch (IndexOutOfBoundsException truncated) {
            // Nothing to learn from it.
        }
        return UPRIGHT;
    }
}
