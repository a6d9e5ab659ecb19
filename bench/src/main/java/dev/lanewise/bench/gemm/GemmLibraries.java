package dev.lanewise.bench.gemm;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The libraries on the class path. */
public final class GemmLibraries {
    private GemmLibraries() {}

    /**
     * Returns all of them; none is loaded or started yet.
     *
     * @return the libraries, Lanewise first
     */
    public static List<GemmLibrary> all() {
        return ServiceLoader.load(GemmLibrary.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(library -> !library.name().equals(LanewiseGemm.NAME)))
                .toList();
    }

    /**
     * Returns one of them.
     *
     * @param name its name
     * @return the library
     * @throws IllegalStateException if there is none of that name
     */
    public static GemmLibrary named(String name) {
        return all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no library " + name + " on the class path"));
    }

    /**
     * Prints the version of a library: in a process of its own, for two native libraries may define the same names.
     *
     * @param names the name of the library
     */
    public static void main(String[] names) {
        System.out.println(named(names[0]).version());
    }
}
