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
     * Returns whether the library is native, and so a peer unless the user names others.
     *
     * @return false for libraries in Java
     */
    boolean isNative();
}
