package dev.lanewise.bench.compare;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process's share in {@link Turns}: it computes between {@link #begin} and {@link #end} only, while the others wait.
 *
 * <p>Threads of OpenMP look for work for up to 200 ms after the last, on a core that the next process is to have. So a turn ends
 * only when its process is quiet, or has not become so within a second.
 */
public final class Turn implements AutoCloseable {
    static final int BEGIN = 'b';
    static final int END = 'e';

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    /** The JVM counts time on a CPU in steps of 10 ms on Linux: fewer would see none in most looks. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    /** More than the JVM's own threads take of it, and less than a thread that spins. */
    private static final long QUIET_NANOS = LOOK_NANOS / 2;

    private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Socket socket;
    private boolean mine;

    /**
     * Says that this process is ready to take turns.
     *
     * @param port that of the {@link Turns}; 0 for a process that is alone, and never waits
     * @throws IOException if nobody is there
     */
    public Turn(int port) throws IOException {
        socket = port == 0 ? null : new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Waits until it is this process's turn.
     *
     * @throws IOException if it never will be, for the comparison was stopped
     */
    public void begin() throws IOException {
        if (socket != null && socket.getInputStream().read() != BEGIN) {
            throw new IOException("there are no more turns");
        }
        mine = true;
    }

    /**
     * Lets the next one begin, once the threads of this process have come to rest.
     *
     * @throws IOException if nobody waits for that
     */
    public void end() throws IOException {
        if (socket != null) {
            rest();
            socket.getOutputStream().write(END);
        }
        mine = false;
    }

    private static void rest() {
        long began = System.nanoTime();
        long before = SYSTEM.getProcessCpuTime();
        long used = Long.MAX_VALUE;
        while (used > QUIET_NANOS && System.nanoTime() - began < AT_MOST_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = SYSTEM.getProcessCpuTime();
            used = now - before;
            before = now;
        }
    }

    /**
     * Takes no more turns. The last one is for leaving, so that a process that ends does not disturb one that is timed; who leaves within
     * a turn, for something was thrown, does not wait for another.
     */
    @Override
    public void close() throws IOException {
        if (socket == null) {
            return;
        }
        try (socket) {
            if (!mine) {
                begin();
            }
        }
    }
}
