package dev.lanewise.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool of threads. */
@Timeout(60)
class ParallelismTest {
    @Test
    void everyTaskRunsOnceUnderAValidWorker() {
        for (int threads : new int[] {1, 2, 3, 8}) {
            try (Parallelism pool = Parallelism.of(threads)) {
                assertEquals(threads, pool.threads());
                for (int tasks : new int[] {0, 1, 2, 7, 1000}) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                    AtomicIntegerArray busy = new AtomicIntegerArray(threads);
                    pool.forEach(tasks, (index, worker) -> {
                        assertEquals(1, busy.incrementAndGet(worker), "two tasks of one worker at once");
                        runs.incrementAndGet(index);
                        busy.decrementAndGet(worker);
                    });
                    for (int i = 0; i < tasks; i++) {
                        assertEquals(1, runs.get(i));
                    }
                }
            }
        }
    }

    @Test
    void rangesCoverEveryElementOnce() {
        try (Parallelism pool = Parallelism.of(3)) {
            for (int size : new int[] {0, 1, 9, 10, 11, 1000, 1001}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(size);
                pool.forRange(size, 10, (from, to) -> {
                    assertTrue(from < to && to - from <= 10);
                    for (int i = from; i < to; i++) {
                        runs.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < size; i++) {
                    assertEquals(1, runs.get(i));
                }
            }
        }
    }

    @Test
    void rangesMayReachToTheLargestInt() {
        List<Integer> ends = new ArrayList<>();
        Parallelism.serial().forRange(Integer.MAX_VALUE, 1 << 30, (from, to) -> ends.add(to - from));
        assertEquals(List.of(1 << 30, (1 << 30) - 1), ends);
    }

    @Test
    void severalThreadsWorkAtOnce() {
        try (Parallelism pool = Parallelism.of(2)) {
            AtomicInteger inside = new AtomicInteger();
            // Each task waits for the other: one thread alone would wait for ever.
            pool.forEach(2, (index, worker) -> {
                inside.incrementAndGet();
                while (inside.get() < 2) {
                    Thread.onSpinWait();
                }
            });
            assertEquals(2, inside.get());
        }
    }

    @Test
    void whatATaskThrowsReachesTheCaller() {
        try (Parallelism pool = Parallelism.of(2)) {
            IllegalStateException thrown = new IllegalStateException("task 5");
            Exception caught = assertThrows(
                    IllegalStateException.class,
                    () -> pool.forEach(100, (index, worker) -> {
                        if (index == 5) {
                            throw thrown;
                        }
                    }));
            assertSame(thrown, caught);
            AtomicInteger runs = new AtomicInteger();
            pool.forEach(100, (index, worker) -> runs.incrementAndGet());
            assertEquals(100, runs.get(), "the pool does not work after a failure");
        }
    }

    @Test
    void callsWithinAndBesideEachOtherRunOnTheirOwnThreads() throws InterruptedException {
        try (Parallelism pool = Parallelism.of(2)) {
            AtomicInteger runs = new AtomicInteger();
            pool.forEach(4, (index, worker) -> {
                Thread caller = Thread.currentThread();
                pool.forEach(5, (inner, innerWorker) -> {
                    assertSame(caller, Thread.currentThread());
                    runs.incrementAndGet();
                });
            });
            assertEquals(20, runs.get());

            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread caller = new Thread(() -> {
                    for (int j = 0; j < 2000; j++) {
                        pool.forEach(5, (index, worker) -> runs.incrementAndGet());
                    }
                });
                callers.add(caller);
                caller.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(20 + 4 * 2000 * 5, runs.get());
        }
    }

    /** A range writes its number throughout its scratch, calls others, and must find it unchanged. */
    @Test
    void scratchBelongsToOneCallAtATime() throws InterruptedException {
        try (Parallelism pool = Parallelism.of(2)) {
            AtomicInteger foreign = new AtomicInteger();
            AtomicInteger ranges = new AtomicInteger();
            Runnable caller = () -> {
                for (int j = 0; j < 500; j++) {
                    pool.forRange(40, 10, (from, to, scratch) -> {
                        int number = ranges.incrementAndGet();
                        Arrays.fill(scratch, number);
                        pool.forRange(2, 1, (inner, end, innerScratch) -> Arrays.fill(innerScratch, -1));
                        for (int i = 0; i < Parallelism.SCRATCH_FLOATS; i++) {
                            foreign.addAndGet(scratch[i] == number ? 0 : 1);
                        }
                    });
                }
            };
            List<Thread> callers = List.of(new Thread(caller), new Thread(caller), new Thread(caller));
            callers.forEach(Thread::start);
            for (Thread thread : callers) {
                thread.join();
            }
            assertEquals(3 * 500 * 4, ranges.get());
            assertEquals(0, foreign.get());
        }
    }

    @Test
    void scratchIsKeptFromCallToCall() {
        Parallelism serial = Parallelism.serial();
        Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 3; i++) {
            serial.forRange(30, 10, (from, to, scratch) -> arrays.add(scratch));
        }
        assertEquals(1, arrays.size());
        // The control: within a range the array is in use.
        serial.forRange(1, 1, (from, to, scratch) -> serial.forRange(1, 1, (a, b, inner) -> arrays.add(inner)));
        assertEquals(2, arrays.size());
    }

    @Test
    void anIdlePoolUsesNoProcessor() throws InterruptedException {
        ThreadMXBean beans = ManagementFactory.getThreadMXBean();
        try (Parallelism pool = Parallelism.of(2)) {
            long[] helper = new long[1];
            AtomicInteger inside = new AtomicInteger();
            pool.forEach(2, (index, worker) -> {
                if (worker == 1) {
                    helper[0] = Thread.currentThread().threadId();
                }
                inside.incrementAndGet();
                while (inside.get() < 2) {
                    Thread.onSpinWait();
                }
            });
            Thread.sleep(50);
            long before = beans.getThreadCpuTime(helper[0]);
            Thread.sleep(500);
            long used = beans.getThreadCpuTime(helper[0]) - before;
            assertTrue(used < 1_000_000, "it used " + used + " ns of 500 ms");
        }
    }

    @Test
    void aClosedPoolRefusesWorkAndItsHelpersEnd() throws InterruptedException {
        Parallelism pool = Parallelism.of(2);
        Thread[] helper = new Thread[1];
        AtomicInteger inside = new AtomicInteger();
        pool.forEach(2, (index, worker) -> {
            if (worker == 1) {
                helper[0] = Thread.currentThread();
            }
            inside.incrementAndGet();
            while (inside.get() < 2) {
                Thread.onSpinWait();
            }
        });
        assertTrue(helper[0].isDaemon());
        pool.close();
        helper[0].join(10_000);
        assertTrue(!helper[0].isAlive());
        assertEquals(
                "parallelism: the pool is closed",
                assertThrows(IllegalStateException.class, () -> pool.forEach(2, (index, worker) -> {}))
                        .getMessage());
    }

    @Test
    void aPoolHasAtLeastOneThread() {
        assertEquals(
                "parallelism: threads is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> Parallelism.of(0))
                        .getMessage());
        assertEquals(1, Parallelism.serial().threads());
    }
}
