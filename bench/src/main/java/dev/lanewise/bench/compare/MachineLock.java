package dev.lanewise.bench.compare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps two benchmarks from measuring at the same time on one machine. It locks the file that JMH locks, for JMH refuses to run twice
 * in one process too, which {@link Forks} makes it do; with {@code -Djmh.ignoreLock=true} it goes on without, as JMH does.
 */
public final class MachineLock implements AutoCloseable {
    private static final String IGNORED = "jmh.ignoreLock";

    private final FileChannel channel;

    /**
     * Takes the lock.
     *
     * @throws RefusedException if something else measures on this machine
     * @throws IOException if there can be no such file
     */
    public MachineLock() throws IOException {
        if (Boolean.getBoolean(IGNORED)) {
            channel = null;
            return;
        }
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "jmh.lock");
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // As JMH does, or another user could never measure.
        file.toFile().setWritable(true, false);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new RefusedException(
                    file + ": held by another benchmark; expected to be the only one on this machine, or"
                            + " LANEWISE_JAVA_OPTS=-D" + IGNORED + "=true");
        }
        System.setProperty(IGNORED, "true");
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            System.clearProperty(IGNORED);
        }
    }
}
