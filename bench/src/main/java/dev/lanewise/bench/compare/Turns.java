package dev.lanewise.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Lets processes work one at a time, a tenth of a second or a call each, round after round. What slows the machine down, another
 * machine's work on the same cores above all, comes and goes within seconds: it then meets all libraries that are compared, and
 * their ratio stays what it is. Measured one after the other, whole libraries, the same code gave 0.69 in one run
 * and 0.84 in another.
 *
 * <p>Each process connects through a {@link Turn} to a port of its own when it is ready. Nobody gets a turn before all are.
 */
final class Turns implements AutoCloseable {
    private static final int LOOK_MILLIS = 200;

    private final List<ServerSocket> doors = new ArrayList<>();

    /** Opens a door for each of some processes, at this machine's own address. */
    Turns(int processes) throws IOException {
        for (int i = 0; i < processes; i++) {
            ServerSocket door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            doors.add(door);
            door.setSoTimeout(LOOK_MILLIS);
        }
    }

    /** Returns what a process's {@link Turn} asks for. */
    int port(int process) {
        return doors.get(process).getLocalPort();
    }

    /**
     * Waits for the processes and gives turns until all have left, or until it is stopped.
     *
     * @param stop whether to send away all who are there or still come
     * @throws IOException if a door does not work
     */
    void give(BooleanSupplier stop) throws IOException {
        List<Socket> present = new ArrayList<>();
        try {
            for (ServerSocket door : doors) {
                accept(door, stop, present);
            }
            while (!present.isEmpty() && !stop.getAsBoolean()) {
                present.removeIf(process -> !stop.getAsBoolean() && !take(process));
            }
        } finally {
            close();
            for (Socket process : present) {
                process.close();
            }
        }
    }

    private static void accept(ServerSocket door, BooleanSupplier stop, List<Socket> present) throws IOException {
        while (!stop.getAsBoolean()) {
            try {
                present.add(door.accept());
                door.close();
                return;
            } catch (SocketTimeoutException notYet) {
                // Then it is still getting ready.
            }
        }
    }

    /** Comes and leaves in the place of a process that has ended, so that nobody waits for one that never came. */
    void standIn(int process) {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port(process)).close();
        } catch (IOException closed) {
            // Then it had come, or nobody waits any more.
        }
    }

    /** Gives a process its turn, and returns once that is over: whether the process is still there then. */
    private static boolean take(Socket process) {
        try {
            process.getOutputStream().write(Turn.BEGIN);
            if (process.getInputStream().read() == Turn.END) {
                return true;
            }
            process.close();
        } catch (IOException killed) {
            // It has left without a word; what its end means is for those to say who started it.
        }
        return false;
    }

    /** Sends away all who come. */
    @Override
    public void close() throws IOException {
        for (ServerSocket door : doors) {
            door.close();
        }
    }
}
