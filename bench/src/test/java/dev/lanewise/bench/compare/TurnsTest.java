package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.runner.RunnerException;

/** Who works when, with threads in the place of processes. */
@Timeout(60)
class TurnsTest {
    private static final int TURNS = 5;
    private static final List<String> THREE = List.of("one", "two", "three");

    private final Queue<String> order = new ConcurrentLinkedQueue<>();
    private final Semaphore alone = new Semaphore(1);

    /** Takes some turns and leaves; notes each, and fails if another one is at work. */
    private String work(String name, int port) throws IOException {
        try (Turn turn = new Turn(port)) {
            for (int i = 0; i < TURNS; i++) {
                turn.begin();
                assertTrue(alone.tryAcquire(), "two at a time");
                order.add(name);
                alone.release();
                turn.end();
            }
        }
        return name;
    }

    @Test
    void eachWorksAloneAndOnceInEachRound() throws RunnerException {
        Map<String, Future<String>> ended = ByTurns.run(THREE, () -> false, this::work);
        for (String name : THREE) {
            assertEquals(name, ByTurns.result(ended.get(name)));
        }
        List<String> turns = List.copyOf(order);
        assertEquals(THREE.size() * TURNS, turns.size());
        for (int round = 0; round < TURNS; round++) {
            assertEquals(
                    Set.copyOf(THREE), Set.copyOf(turns.subList(THREE.size() * round, THREE.size() * (round + 1))));
        }
    }

    @Test
    void nobodyWaitsForOneThatNeverComes() throws RunnerException {
        RunnerException wrong = new RunnerException("y[3] is 2.0");
        Map<String, Future<String>> ended = ByTurns.run(THREE, () -> false, (name, port) -> {
            if (name.equals("two")) {
                throw wrong;
            }
            return work(name, port);
        });
        assertSame(wrong, assertThrows(RunnerException.class, () -> ByTurns.result(ended.get("two"))));
        assertEquals("three", ByTurns.result(ended.get("three")));
        assertEquals(2 * TURNS, order.size());
    }

    @Test
    void nobodyWaitsForOneThatLeavesWithinItsTurn() throws RunnerException {
        Map<String, Future<String>> ended = ByTurns.run(THREE, () -> false, (name, port) -> {
            if (name.equals("two")) {
                try (Turn turn = new Turn(port)) {
                    turn.begin();
                    throw new IllegalStateException("out of memory");
                }
            }
            return work(name, port);
        });
        assertEquals(
                "out of memory",
                assertThrows(RunnerException.class, () -> ByTurns.result(ended.get("two")))
                        .getCause()
                        .getMessage());
        assertEquals(2 * TURNS, order.size());
    }

    /** The stand-in of one that has come and gone takes nobody else's place. */
    @Test
    void nobodyWorksBeforeAllAreReady() throws RunnerException {
        CountDownLatch gone = new CountDownLatch(1);
        Map<String, Future<String>> ended = ByTurns.run(THREE, () -> false, (name, port) -> {
            if (name.equals("one")) {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                gone.countDown();
                throw new IllegalStateException("killed");
            }
            if (name.equals("two")) {
                await(gone);
                order.add("two is ready");
            }
            return work(name, port);
        });
        assertEquals("two", ByTurns.result(ended.get("two")));
        assertEquals("three", ByTurns.result(ended.get("three")));
        assertEquals("two is ready", order.peek());
    }

    private static void await(CountDownLatch gone) {
        try {
            gone.await();
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void allEndSoonWhenItIsStopped() throws RunnerException {
        AtomicBoolean stopped = new AtomicBoolean();
        Map<String, Future<String>> ended = ByTurns.run(THREE, stopped::get, (name, port) -> {
            try (Turn turn = new Turn(port)) {
                while (true) {
                    turn.begin();
                    order.add(name);
                    stopped.set(order.size() == 7);
                    turn.end();
                }
            }
        });
        assertEquals(7, order.size());
        for (String name : THREE) {
            assertThrows(RunnerException.class, () -> ByTurns.result(ended.get(name)));
        }
    }

    @Test
    void oneThatNeverComesCanBeStopped() throws RunnerException {
        CountDownLatch over = new CountDownLatch(1);
        AtomicBoolean stopped = new AtomicBoolean();
        Map<String, Future<String>> ended = ByTurns.run(
                List.of("one"),
                () -> {
                    boolean again = stopped.getAndSet(true);
                    if (again) {
                        over.countDown();
                    }
                    return again;
                },
                (name, port) -> {
                    await(over);
                    return work(name, port);
                });
        assertThrows(RunnerException.class, () -> ByTurns.result(ended.get("one")));
        assertTrue(order.isEmpty());
    }

    @Test
    void aTurnEndsOnceTheProcessIsQuiet() throws RunnerException {
        AtomicBoolean spinning = new AtomicBoolean(true);
        Map<String, Future<Boolean>> ended = ByTurns.run(List.of("one"), () -> false, (name, port) -> {
            try (Turn turn = new Turn(port)) {
                turn.begin();
                Thread.ofPlatform().start(() -> {
                    long began = System.nanoTime();
                    while (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(150)) {
                        Thread.onSpinWait();
                    }
                    spinning.set(false);
                });
                turn.end();
                boolean stillSpinning = spinning.get();
                return stillSpinning;
            }
        });
        assertFalse(ByTurns.result(ended.get("one")));
    }

    @Test
    void aProcessAloneNeverWaits() throws IOException {
        try (Turn turn = new Turn(0)) {
            turn.begin();
            turn.end();
            turn.begin();
        }
    }
}
