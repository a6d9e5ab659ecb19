package dev.lanewise.bench.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C, and a friendly kill, stop a training between two steps instead of at once: the JVM waits, for a while,
 * until {@link #close} says that everything is saved, and ends with 130 or 143 as the shell expects.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch saved = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    /**
     * Listens from now on.
     *
     * @param stop asks the training to stop; called by another thread
     */
    Interruption(Runnable stop) {
        hook = new Thread(() -> onShutdown(stop), "lanewise-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void onShutdown(Runnable stop) {
        requested = true;
        stop.run();
        try {
            saved.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the JVM has been asked to end. */
    boolean isRequested() {
        return requested;
    }

    /** Everything is saved: the JVM may end. */
    @Override
    public void close() {
        saved.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // Then the hook has run and is of no more concern.
        }
    }
}
