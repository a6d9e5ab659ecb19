package dev.lanewise.bench.compare;

/** What a library computes, prepared so that it can be computed again and again. */
public interface Computation extends AutoCloseable {
    /** Computes it. */
    void run();

    /** Gives memory and threads back. */
    @Override
    void close();
}
