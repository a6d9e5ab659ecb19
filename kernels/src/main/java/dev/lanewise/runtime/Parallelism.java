package dev.lanewise.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that a kernel may use: the caller's own and a pool of helpers, given as an argument to every kernel.
 *
 * <p>A kernel cuts its output into tasks; how it cuts never depends on the number of threads, so neither does any bit of
 * the result. Helpers look for work for half a millisecond, then park: an idle pool uses no CPU. When the pool is
 * busy, because another thread uses it or because a task calls a kernel itself, the call runs on the calling thread
 * alone: cores are never oversubscribed.
 *
 * <p>Thread-safe. Close it when done; the helpers are daemon threads, so a forgotten pool does not keep a JVM alive.
 */
public final class Parallelism implements AutoCloseable {
    /**
     * How long a helper looks for work before it parks. One that looks begins 0.2 microseconds after it is asked to; one
     * that is parked some 50, and the work is often done by then. The kernels of a training step follow each other within
     * microseconds, its Java between them takes a few hundred.
     */
    private static final long SPIN_NANOS = 500_000;

    /** Floats that {@link ScratchRange} gets. */
    public static final int SCRATCH_FLOATS = 64;

    /** Behind an array, so that those of two threads share no cache line. */
    private static final int APART = 32;

    private final Helper[] helpers;
    private final float[][] scratch;
    private final AtomicBoolean scratchTaken = new AtomicBoolean();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Region region;
    private volatile boolean closed;

    /** One piece of a kernel's work. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does one piece of the work.
         *
         * @param index which piece
         * @param worker the worker that does it, at least 0 and below {@link Parallelism#threads}: no two run at the
         *     same time under one number, so it can select scratch memory
         */
        void run(int index, int worker);
    }

    /** A range of the elements of a kernel. */
    @FunctionalInterface
    public interface Range {
        /**
         * Does the work for a range of elements.
         *
         * @param from the first element
         * @param to the element after the last
         */
        void run(int from, int to);
    }

    /** A range of the elements of a kernel that needs a few floats of scratch. */
    @FunctionalInterface
    public interface ScratchRange {
        /**
         * Does the work for a range of elements.
         *
         * @param from the first element
         * @param to the element after the last
         * @param scratch {@link Parallelism#SCRATCH_FLOATS} floats, at least, that are this call's alone; what they hold is not
         *     defined
         */
        void run(int from, int to, float[] scratch);
    }

    private Parallelism(int threads) {
        scratch = newScratch(threads);
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].start();
        }
    }

    /**
     * Returns a pool.
     *
     * @param threads how many threads work at once, the caller's included; at least 1
     * @return the pool
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public static Parallelism of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("parallelism: threads is " + threads + "; it must be at least 1");
        }
        return new Parallelism(threads);
    }

    /**
     * Returns a pool that has no helpers: all work is done by the calling thread.
     *
     * @return the pool; it needs no closing
     */
    public static Parallelism serial() {
        return new Parallelism(1);
    }

    /**
     * Returns how many threads work at once.
     *
     * @return the number of threads, the caller's included
     */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs tasks {@code 0 .. tasks - 1}, each once, and returns when all are done. Threads take the next task when they
     * have finished one.
     *
     * @param tasks how many
     * @param task what each does; tasks must not write what another reads or writes
     * @throws IllegalStateException if the pool is closed
     */
    public void forEach(int tasks, Task task) {
        if (closed) {
            throw new IllegalStateException("parallelism: the pool is closed");
        }
        if (tasks <= 1 || helpers.length == 0 || !busy.compareAndSet(false, true)) {
            for (int index = 0; index < tasks; index++) {
                task.run(index, 0);
            }
            return;
        }
        Region work = new Region(tasks, task);
        try {
            region = work;
            for (int i = 0; i < Math.min(helpers.length, tasks - 1); i++) {
                helpers[i].wake();
            }
            work.take(0);
            work.await();
        } finally {
            region = null;
            busy.set(false);
        }
        work.rethrow();
    }

    /**
     * Runs a range of elements in pieces.
     *
     * @param size how many elements
     * @param grain how many elements a piece has, but for the last; at least 1
     * @param range what is done with each piece
     */
    public void forRange(int size, int grain, Range range) {
        if (size <= grain) {
            if (size > 0) {
                range.run(0, size);
            }
            return;
        }
        int pieces = (size - 1) / grain + 1;
        forEach(
                pieces,
                (piece, worker) -> range.run(piece * grain, Math.min(size - piece * grain, grain) + piece * grain));
    }

    /**
     * Runs a range of elements in pieces, with scratch memory that is kept from call to call: new memory for each piece lies in no
     * cache, and at first in no page. Softmax took 1.3 to 1.6 times as long with it (Zen 5).
     *
     * @param size how many elements
     * @param grain how many elements a piece has, but for the last; at least 1
     * @param range what is done with each piece
     */
    public void forRange(int size, int grain, ScratchRange range) {
        // Calls within and beside each other can't all have the same.
        boolean free = scratchTaken.compareAndSet(false, true);
        float[][] arrays = free ? scratch : newScratch(threads());
        try {
            int pieces = size == 0 ? 0 : (size - 1) / grain + 1;
            forEach(pieces, (piece, worker) -> {
                int from = piece * grain;
                range.run(from, Math.min(size - from, grain) + from, arrays[worker]);
            });
        } finally {
            if (free) {
                scratchTaken.set(false);
            }
        }
    }

    private static float[][] newScratch(int threads) {
        return new float[threads][SCRATCH_FLOATS + APART];
    }

    /** Ends the helpers. Must not be called while the pool works. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            helper.wake();
        }
    }

    /** One call of {@link #forEach}: what is left to take and what is not yet finished. */
    private static final class Region {
        private final int tasks;
        private final Task task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private volatile Throwable failure;

        Region(int tasks, Task task) {
            this.tasks = tasks;
            this.task = task;
        }

        void take(int worker) {
            int index;
            while (next.get() < tasks && (index = next.getAndIncrement()) < tasks) {
                try {
                    if (failure == null) {
                        task.run(index, worker);
                    }
                } catch (Throwable thrown) {
                    failure = thrown;
                } finally {
                    finished.getAndIncrement();
                }
            }
        }

        void await() {
            for (int spins = 0; finished.get() < tasks; spins++) {
                // A helper that has lost its core to another process would keep us spinning for a time slice.
                if (spins < 10_000) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }

        void rethrow() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
        }
    }

    private final class Helper extends Thread {
        private final int worker;
        private volatile boolean parked;

        Helper(int worker) {
            super("lanewise-" + worker);
            this.worker = worker;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            Region last = null;
            while (!closed) {
                Region work = awaitWork(last);
                if (work != null) {
                    work.take(worker);
                    last = work;
                }
            }
        }

        /** Spins, then parks, until there is a region other than the last one; null if woken without work. */
        private Region awaitWork(Region last) {
            long start = System.nanoTime();
            do {
                for (int spin = 0; spin < 64; spin++) {
                    Region work = region;
                    if (work != null && work != last) {
                        return work;
                    }
                    Thread.onSpinWait();
                }
            } while (System.nanoTime() - start < SPIN_NANOS && !closed);
            parked = true;
            // Looked at once more after the flag is set: a region published before is seen here, one after wakes us.
            Region work = region;
            if ((work == null || work == last) && !closed) {
                LockSupport.park(this);
            }
            parked = false;
            return null;
        }
    }
}
