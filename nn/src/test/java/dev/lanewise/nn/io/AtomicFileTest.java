package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void before() throws IOException {
        file = Files.writeString(folder.resolve("model"), "before");
    }

    @Test
    void replacesTheFileAndLeavesNothingBeside() throws IOException {
        AtomicFile.write(file, channel -> channel.write(bytes("after")));
        assertEquals("after", Files.readString(file));
        assertEquals(List.of(file), list());
        AtomicFile.write(folder.resolve("new"), channel -> channel.write(bytes("first")));
        assertEquals("first", Files.readString(folder.resolve("new")));
    }

    @Test
    void whatFailsMidwayLeavesTheOldFile() throws IOException {
        assertFails(
                ": can't be written; expected a writable folder with room for it: No space left on device",
                () -> AtomicFile.write(file, channel -> {
                    channel.write(bytes("aft"));
                    throw new IOException("No space left on device");
                }));
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(bytes("aft"));
                    throw new IllegalStateException("a bug");
                }));
        assertUntouched();
    }

    @Test
    void aFullDiskLeavesTheOldFile() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "this system has no /dev/full");
        assertFails(
                ": can't be written; expected a writable folder with room for it: No space left on device",
                () -> AtomicFile.write(
                        file,
                        channel -> channel.write(bytes("after")),
                        part -> FileChannel.open(full, StandardOpenOption.WRITE)));
        assertUntouched();
    }

    @Test
    void aFileThatCannotBeOpenedIsAnError() throws IOException {
        assertFails(
                ": can't be written; expected a writable folder with room for it: too many links",
                () -> AtomicFile.write(file, channel -> {}, part -> {
                    throw new FileSystemException(part.toString(), null, "too many links");
                }));
        assertUntouched();
    }

    @Test
    void aFolderThatIsMissingOrNoneIsAnError() throws IOException {
        Path missing = folder.resolve("none").resolve("model");
        String message = assertThrows(FileException.class, () -> AtomicFile.write(missing, channel -> {}))
                .getMessage();
        assertEquals(
                missing + ": can't be written: " + folder.resolve("none")
                        + " is no folder; expected a folder that exists",
                message);
        assertThrows(FileException.class, () -> AtomicFile.write(file.resolve("model"), channel -> {}));
        assertThrows(FileException.class, () -> AtomicFile.write(folder, channel -> {}));
        assertThrows(FileException.class, () -> AtomicFile.checkWritable(folder.resolve("none")));
        assertThrows(FileException.class, () -> AtomicFile.checkWritable(file));
        AtomicFile.checkWritable(folder);
        assertUntouched();
    }

    @Test
    void messagesAreOneLine() {
        assertEquals("a b: c d", new FileException("a\nb", "c\r\n d").getMessage());
    }

    private interface Action {
        void run() throws IOException;
    }

    private void assertFails(String message, Action action) {
        assertEquals(
                file + message, assertThrows(FileException.class, action::run).getMessage());
    }

    private void assertUntouched() throws IOException {
        assertEquals("before", Files.readString(file));
        assertEquals(List.of(file), list());
    }

    private List<Path> list() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
