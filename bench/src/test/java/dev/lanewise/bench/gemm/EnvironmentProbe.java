package dev.lanewise.bench.gemm;

import java.util.Set;
import java.util.TreeMap;

/** A library for tests: as its version it tells what it finds in its environment, and it computes only if that is nothing. */
public final class EnvironmentProbe implements GemmLibrary {
    /** Its name on the command line. */
    public static final String NAME = "probe";

    /** Creates it, for {@link java.util.ServiceLoader}. */
    public EnvironmentProbe() {}

    private static TreeMap<String, String> found() {
        TreeMap<String, String> found = new TreeMap<>(System.getenv());
        found.keySet().retainAll(Set.of("OPENBLAS_CORETYPE", "OMP_NUM_THREADS", "MKL_CBWR", "UNCONCERNED"));
        return found;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return "finds " + found();
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean offers(Operation operation, GemmShape shape) {
        return true;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        if (found().containsKey("OPENBLAS_CORETYPE")) {
            throw new IllegalStateException("a fork finds " + found());
        }
        return new ScalarGemm().prepare(operation, shape, a, b, threads);
    }
}
