package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The largest errors of sigmoid and tanh, over floats spread evenly among all bit patterns. */
class ActivationErrorsTest {
    private static final int BLOCK = 1 << 16;

    /** The largest error in units of the last place over every float whose bits are a multiple of a stride. */
    private static double largestError(Activation f, long stride) {
        double largest = 0;
        float[] x = new float[BLOCK];
        Tensor y = Tensor.zeros(BLOCK);
        long all = 1L << 32;
        for (long bits = 0; bits < all; bits += BLOCK * stride) {
            for (int i = 0; i < BLOCK; i++) {
                x[i] = Float.intBitsToFloat((int) Math.min(bits + i * stride, all - 1));
            }
            Activations.forward(f, Tensor.of(x, BLOCK), y, Pools.TWO);
            double[] truth = ActivationsReference.forward(f, Values.widen(x));
            for (int i = 0; i < BLOCK; i++) {
                largest = Math.max(largest, Bits.ulps(truth[i], y.array()[i]));
            }
        }
        return largest;
    }

    private static void assertLargestErrors(long stride) {
        double sigmoid = largestError(Activation.SIGMOID, stride);
        double tanh = largestError(Activation.TANH, stride);
        System.out.println(
                "largest errors over every " + stride + "th float: sigmoid " + sigmoid + " ulp, tanh " + tanh + " ulp");
        assertTrue(sigmoid <= 1.01, "sigmoid " + sigmoid);
        assertTrue(tanh <= 1.3, "tanh " + tanh);
        // Not more accurate than floats can be: the comparison compares something.
        assertTrue(sigmoid > 0.4 && tanh > 0.4);
    }

    @Test
    void areSmallOnASample() {
        assertLargestErrors(4099);
    }

    @Test
    @Tag("nightly")
    void areSmallOnAllFloats() {
        assertLargestErrors(1);
    }
}
