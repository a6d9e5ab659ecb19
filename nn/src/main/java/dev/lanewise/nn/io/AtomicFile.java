package dev.lanewise.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files whole or not at all: beside their place, forced to the disk, then renamed over what was there. Whatever
 * fails on the way, a full disk or a crash, leaves the old file as it was.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What goes into a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param channel where to; each write takes the whole buffer. Closed by the caller
         * @throws IOException if it can't be written
         */
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /**
     * Writes a file, replacing one of that name.
     *
     * @param file the file; its folder must exist
     * @param content writes the bytes
     * @throws FileException if the folder is missing or not writable, the disk is full, or the content fails; what was
     *     there before is untouched then
     */
    public static void write(Path file, Content content) throws IOException {
        write(file, content, (part) -> FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /**
     * Checks that a folder exists and that files can be made in it, by making one and deleting it again. For programs
     * that would rather know before hours of training than after.
     *
     * @param folder the folder
     * @throws FileException if it is missing, is no folder, or no file can be made in it
     */
    public static void checkWritable(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new FileException(
                    folder.toString(),
                    (Files.exists(folder) ? "is no folder" : "does not exist") + "; expected a writable folder");
        }
        Path probe = folder.resolve(".lanewise-" + UUID.randomUUID() + ".part");
        try {
            Files.createFile(probe);
            Files.delete(probe);
        } catch (IOException e) {
            throw new FileException(
                    folder.toString(),
                    "can't be written to (" + FileException.reason(e) + "); expected a writable folder",
                    e);
        }
    }

    /** Opens the channel that the content goes to; tests pass one that fails. */
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path part) throws IOException;
    }

    static void write(Path file, Content content, Opener opener) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new FileException(file.toString(), "is a folder; expected the name of a file to write");
        }
        if (!Files.isDirectory(folder)) {
            throw new FileException(
                    file.toString(), "can't be written: " + folder + " is no folder; expected a folder that exists");
        }
        Path part = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel = opener.open(part)) {
                content.writeTo(new WholeWrites(channel));
                channel.force(true);
            }
            rename(part, file);
            forceFolder(folder);
        } catch (IOException e) {
            throw FileException.of(file, "can't be written; expected a writable folder with room for it", e);
        } finally {
            deleteIfExists(part);
        }
    }

    /** A channel whose writes take whole buffers: a file's own may take less when the disk is nearly full. */
    private record WholeWrites(FileChannel channel) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        /** Leaves the file open: it has yet to be forced to the disk. */
        @Override
        public void close() {}
    }

    private static void deleteIfExists(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException ignored) {
            // What went wrong before is what matters, and is being thrown.
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes the rename itself last through a crash, where the system lets folders be opened (not on Windows). */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException ignored) {
            // The file is complete and in place; only its name's survival of a power cut is not certain.
        }
    }
}
