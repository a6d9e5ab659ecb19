package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.kernels.Activation;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.Ulps;
import java.util.List;

/** Looks for the largest errors of one library, in a process of its own; prints a line for each function. */
final class AccuracyProcess {
    /** Places of the least and the largest finite float in the order of floats; that of +0 is 0, of -0 is -1. */
    private static final long LEAST = -0x7f800000L;

    private static final long MOST = 0x7f7fffffL;

    private AccuracyProcess() {}

    /**
     * Prints name, largest error and the float where it is of every function that a library has.
     *
     * @param arguments the library's name, and the distance of the floats that are tried
     */
    public static void main(String[] arguments) {
        ElementLibrary library = Libraries.named(ElementLibrary.class, arguments[0]);
        float[] floats = floats(Integer.parseInt(arguments[1]));
        for (Activation f : ActivationTable.FUNCTIONS) {
            ElementOperation operation = ActivationTable.forward(f);
            if (library.offers(operation)) {
                System.out.println(operation.name() + " " + worst(f, floats, results(library, operation, floats)));
            }
        }
    }

    private static float[] floats(int stride) {
        float[] floats = new float[(int) ((MOST - LEAST) / stride) + 1];
        for (int i = 0; i < floats.length; i++) {
            long place = LEAST + (long) i * stride;
            floats[i] = Float.intBitsToFloat((int) (place >= 0 ? place : ~place | 0x80000000L));
        }
        return floats;
    }

    private static float[] results(ElementLibrary library, ElementOperation operation, float[] floats) {
        Problem problem = new Problem(operation, new int[] {floats.length});
        List<Integer> results = problem.results();
        try (ElementLibrary.Running running =
                library.prepare(problem, new float[][] {floats, new float[floats.length]}, 1)) {
            running.run(1);
            return running.result(results.getFirst());
        }
    }

    private static String worst(Activation f, float[] x, float[] y) {
        double most = 0;
        float at = 0;
        for (int i = 0; i < x.length; i++) {
            double ulps = Ulps.between(ActivationsReference.forward(f, (double) x[i]), y[i]);
            if (ulps > most) {
                most = ulps;
                at = x[i];
            }
        }
        return most + " " + Float.toHexString(at);
    }
}
