package dev.lanewise.bench.compare;

/** A library that can be compared. */
public interface Library {
    /**
     * Returns what it is called on the command line.
     *
     * @return a short name
     */
    String name();

    /**
     * Returns the version that the library itself reports.
     *
     * @return name and version
     */
    String version();

    /**
     * Returns whether the library is native: it needs less of a warm-up.
     *
     * @return false for libraries in Java
     */
    boolean isNative();

    /**
     * Returns whether the library is a peer unless the user names others.
     *
     * @return by default, whether it is native
     */
    default boolean isUsualPeer() {
        return isNative();
    }
}
