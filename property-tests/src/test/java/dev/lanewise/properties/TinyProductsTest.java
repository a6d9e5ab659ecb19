package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.FloatBlas;
import dev.lanewise.kernels.LayerNormalization;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.reference.FloatBlasReference;
import dev.lanewise.reference.LayerNormalizationReference;
import dev.lanewise.reference.SoftmaxReference;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Sums of negative products that are too small for a float: each lane of such a sum is -0, which what is added past the end of a row must not turn into +0. Rows
 * end within a vector of 8 lanes and of 16, but not of 4.
 */
class TinyProductsTest {
    private static final double EPSILON = 1e-5;

    /** -0 to see the sign of the sum by, and in each lane a product that leaves -0, the last one in lane 0. */
    private static float[] tiny(int size) {
        float[] values = new float[size];
        Arrays.fill(values, -Float.MIN_VALUE);
        values[0] = -0f;
        return values;
    }

    private static void assertBits(float[] expected, float[] actual) {
        int[] bits = new int[expected.length];
        int[] wanted = new int[expected.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(actual[i]));
        Arrays.setAll(wanted, i -> Float.floatToRawIntBits(expected[i]));
        assertArrayEquals(wanted, bits);
    }

    @Test
    void gradientOfSoftmax() {
        float[] y = new float[20];
        Arrays.fill(y, 1f / 20);
        float[] expected = new SoftmaxReference(1, 20).gradient(y, tiny(20));
        assertEquals(0, Float.floatToRawIntBits(expected[0]), "the sum is not -0");
        Tensor dx = Tensor.zeros(1, 20);
        Softmax.gradient(Tensor.of(y, 1, 20), Tensor.of(tiny(20), 1, 20), dx, Pools.ONE);
        assertBits(expected, dx.array());
    }

    @Test
    void gradientOfNormalisedRows() {
        float[] x = new float[20];
        Arrays.fill(x, 1);
        x[0] = 1000;
        float[] weight = new float[20];
        Arrays.fill(weight, 1);
        Tensor statistics = Tensor.zeros(1, LayerNormalization.STATISTICS);
        LayerNormalization normalization = LayerNormalization.rootMeanSquare(EPSILON);
        Tensor rows = Tensor.of(x, 1, 20);
        Tensor weights = Tensor.of(weight, 20);
        Workspace workspace = new Workspace();
        normalization.forward(rows, weights, null, Tensor.zeros(1, 20), statistics, Pools.ONE, workspace);
        float[] zeros = new float[20];
        float[] expected = new LayerNormalizationReference(20, EPSILON, false)
                .gradient(x, statistics.array(), weight, tiny(20), zeros, zeros)
                .dx();
        assertEquals(0, Float.floatToRawIntBits(expected[0]), "the sum is not -0");
        Tensor dx = Tensor.zeros(1, 20);
        Tensor dy = Tensor.of(tiny(20), 1, 20);
        normalization.gradient(rows, statistics, weights, dy, dx, Tensor.zeros(20), null, Pools.ONE, workspace);
        assertBits(expected, dx.array());
    }

    @Test
    void matrixTimesVector() {
        int columns = 36;
        float[] a = new float[columns];
        Arrays.fill(a, -Float.MIN_VALUE);
        float[] x = new float[columns];
        Arrays.fill(x, 0.1f);
        float[] expected = {-0f};
        FloatBlasReference.gemv(false, 1, columns, 1, a, 0, columns, x, 0, 1, expected, 0);
        float[] y = {-0f};
        FloatBlas.gemv(false, 1, columns, 1, a, 0, columns, x, 0, 1, y, 0, Pools.ONE, new Workspace());
        assertBits(new float[] {-0f}, expected);
        assertBits(expected, y);
    }
}
