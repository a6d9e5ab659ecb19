package dev.lanewise.bench.compare;

import dev.lanewise.runtime.Lanes;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The libraries on the class path, found by {@link ServiceLoader}. */
public final class Libraries {
    /** The name of Lanewise. */
    public static final String OURS = "lanewise";

    private Libraries() {}

    /**
     * Returns what Lanewise says of itself where others tell their version.
     *
     * @return its name and the width of its vectors
     */
    public static String ourVersion() {
        return "Lanewise, " + Lanes.LENGTH * Float.SIZE + "-bit vectors";
    }

    /**
     * Returns all of a kind; none is loaded or started yet.
     *
     * @param <L> what they can do
     * @param kind what they can do
     * @return the libraries, Lanewise first
     */
    public static <L extends Library> List<L> all(Class<L> kind) {
        return ServiceLoader.load(kind).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(library -> !library.name().equals(OURS)))
                .toList();
    }

    /**
     * Returns one of them.
     *
     * @param <L> what it can do
     * @param kind what it can do
     * @param name its name
     * @return the library
     * @throws IllegalStateException if there is none of that name
     */
    public static <L extends Library> L named(Class<L> kind, String name) {
        return all(kind).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no library " + name + " on the class path"));
    }

    /**
     * Prints the version of a library: in a process of its own, for two native libraries may define the same names.
     *
     * @param arguments the kind, a class by its name, and the name of the library
     * @throws ClassNotFoundException if there is no such kind
     */
    public static void main(String[] arguments) throws ClassNotFoundException {
        Class<? extends Library> kind = Class.forName(arguments[0]).asSubclass(Library.class);
        System.out.println(named(kind, arguments[1]).version());
    }
}
