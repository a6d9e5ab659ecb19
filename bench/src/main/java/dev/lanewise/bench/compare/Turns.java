package dev.lanewise.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets processes work one at a time, a few milliseconds each, round after round. What slows the machine down, another
 * machine's work on the same cores above all, comes and goes within seconds: it then meets all libraries that are compared, and
 * their ratio stays what it is. Measured one after the other, whole libraries, the same code gave 0.69 in one run
 * and 0.84 in another.
 *
 * <p>A process connects through {@link Turn} when it is ready. Nobody gets a turn before all are.
 */
final class Turns implements AutoCloseable {
    private final ServerSocket door;

    /** Opens the door, at this machine's own address. */
    Turns() throws IOException {
        door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    /** Returns what a {@link Turn} asks for. */
    int port() {
        return door.getLocalPort();
    }

    /**
     * Waits for the processes and gives turns until all have left.
     *
     * @param processes how many there are
     * @throws IOException if the door does not work
     */
    void give(int processes) throws IOException {
        List<Socket> present = new ArrayList<>();
        try {
            while (present.size() < processes) {
                present.add(door.accept());
            }
            while (!present.isEmpty()) {
                present.removeIf(process -> !take(process));
            }
        } finally {
            close();
            for (Socket process : present) {
                process.close();
            }
        }
    }

    /** Comes and leaves, in the place of a process that never came, so that nobody waits for it. */
    void standIn() {
        try {
            new Socket(door.getInetAddress(), port()).close();
        } catch (IOException closed) {
            // Then all have come.
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
        door.close();
    }
}
