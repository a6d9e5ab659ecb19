package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.io.FileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final byte[] GOOD = IdxBytes.idx(251, 2, 3, 4);

    @TempDir
    private Path folder;

    @Test
    void readsPlainAndPackedBytesWhateverTheName() throws IOException {
        for (byte[] bytes : List.of(GOOD, IdxBytes.gzip(GOOD))) {
            Path file = Files.write(folder.resolve("images.gz"), bytes);
            Idx idx = Idx.read(file, 3);
            assertEquals(List.of(2, 3, 4), idx.dimensions());
            assertArrayEquals(Arrays.copyOfRange(GOOD, 16, 40), idx.data());
        }
    }

    @Test
    void readsAnEmptyArray() throws IOException {
        assertEquals(
                0,
                Idx.read("x", new ByteArrayInputStream(IdxBytes.idx(251, 0, 28, 28)), 3)
                        .data()
                        .length);
    }

    @Test
    void everyTruncationIsAnErrorThatNamesTheFile() {
        for (int length = 0; length < GOOD.length; length++) {
            assertTruncated(Arrays.copyOf(GOOD, length));
        }
        byte[] packed = IdxBytes.gzip(GOOD);
        for (int length = 0; length < packed.length; length++) {
            assertTruncated(Arrays.copyOf(packed, length));
        }
    }

    @Test
    void everyFlippedByteOfAPackedFileIsAnError() {
        byte[] packed = IdxBytes.gzip(GOOD);
        // Bytes 4 to 9 of a gzip header hold the date, hints and the system; a reader need not look at them.
        for (int at = 10; at < packed.length; at++) {
            byte[] damaged = packed.clone();
            damaged[at] ^= 0x55;
            assertTrue(failure(damaged).startsWith("images.gz: "), "byte " + at);
        }
    }

    @Test
    void anotherFormatIsAnErrorThatSaysWhatWasExpected() {
        assertEquals(
                "images.gz: begins with 0x89504e47; expected 0x00000803, an IDX file of unsigned bytes with 3 dimensions",
                failure(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}));
        assertTrue(failure(IdxBytes.idx(10, 5)).contains("begins with 0x00000801"));
        assertTrue(failure(IdxBytes.idx(0xD03, new byte[24], 2, 3, 4)).contains("begins with 0x00000d03"));
    }

    @Test
    void bytesAfterTheDataAreAnError() {
        byte[] longer = Arrays.copyOf(GOOD, GOOD.length + 1);
        assertEquals("images.gz: goes on after its data; expected 24 bytes ([2, 3, 4])", failure(longer));
        assertEquals(
                "images.gz: goes on after its data; expected 24 bytes ([2, 3, 4])", failure(IdxBytes.gzip(longer)));
    }

    @Test
    void dimensionsThatCannotBeAreAnErrorAndReserveNothing() {
        assertTrue(failure(IdxBytes.idx(0x803, new byte[0], 60_000, 60_000, 28)).contains("dimension 1 is 60000"));
        assertTrue(failure(IdxBytes.idx(0x803, new byte[0], -1, 28, 28)).contains("dimension 0 is 4294967295"));
        assertTrue(failure(IdxBytes.idx(0x803, new byte[0], 60_000, 28, 28)).contains("expected 47040000"));
    }

    @Test
    void aMissingFileIsAnErrorThatSaysSo() {
        Path missing = folder.resolve("none");
        String message =
                assertThrows(FileException.class, () -> Idx.read(missing, 3)).getMessage();
        assertEquals(missing + ": can't be read; expected an IDX file: no such file", message);
    }

    private static void assertTruncated(byte[] bytes) {
        String message = failure(bytes);
        assertTrue(message.startsWith("images.gz: ") && message.contains("truncated"), message);
        assertFalse(message.contains("\n"), message);
    }

    private static String failure(byte[] bytes) {
        return assertThrows(FileException.class, () -> Idx.read("images.gz", new ByteArrayInputStream(bytes), 3))
                .getMessage();
    }
}
