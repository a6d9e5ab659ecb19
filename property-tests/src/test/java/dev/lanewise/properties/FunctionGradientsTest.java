package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.reference.ActivationsReference;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The derivatives, tails included: the double reference against central differences, the kernels against the reference. */
class FunctionGradientsTest {
    private static final double[] MAGNITUDES = {
        1e-3, 0.03, 0.2, 0.4, 0.49, 0.51, 0.77, 0.9, 1.1, 1.9, 2.7, 3.3, 4.9, 5.7, 7.1, 8.8, 9.9, 13.3, 17, 29, 61, 86
    };

    private static double derivative(Activation f, double x) {
        double kept = f.keepsInputs() ? x : ActivationsReference.forward(f, x);
        return ActivationsReference.gradient(f, new double[] {kept}, new double[] {1})[0];
    }

    /** Whether a point is far enough from where pieces meet, and where the function is a number. */
    private static boolean isInside(Activation f, double x) {
        return switch (f) {
            case LOG, SQRT -> x > 0;
            case LOG1P -> x > -1;
            default -> true;
        };
    }

    /**
     * Fails unless a derivative is that of a function at x. The step h is a millionth of x; the difference is wrong by h²/6
     * times the third derivative, which in the steepest tail is x² times the first: a millionth of it for x up to 50. Rounding
     * of the function counts over h.
     */
    private static void assertDerivative(DoubleUnaryOperator f, double x, double derivative) {
        double h = Math.max(Math.abs(x), 0.1) * 1e-6;
        double above = f.applyAsDouble(x + h);
        double below = f.applyAsDouble(x - h);
        double difference = (above - below) / (x + h - (x - h));
        double curvature = 1e-6 * Math.max(Math.abs(difference), Math.abs(derivative));
        double rounding = 1e-12 * Math.max(Math.abs(above), Math.abs(below)) / h;
        assertTrue(
                Math.abs(difference - derivative) <= curvature + rounding,
                () -> "at " + x + ": derivative " + derivative + ", difference " + difference);
    }

    @Test
    void theReferenceIsThatOfCentralDifferences() {
        for (Activation f : Activation.values()) {
            for (double magnitude : MAGNITUDES) {
                for (double x : new double[] {magnitude, -magnitude}) {
                    if (isInside(f, x)) {
                        assertDerivative(v -> ActivationsReference.forward(f, v), x, derivative(f, x));
                    }
                }
            }
        }
    }

    @Test
    void catchesAWrongDerivative() {
        for (Activation f : Activation.values()) {
            assertCaught(() -> {
                for (double x : MAGNITUDES) {
                    assertDerivative(v -> ActivationsReference.forward(f, v), x, derivative(f, x) * 1.00001 + 1e-7);
                }
            });
        }
    }

    /** Every kernel on a grid that reaches beyond both tails, with gradients of 1 and of 1000. */
    @Test
    void theKernelsAreThoseOfTheReference() {
        float[] x = new float[24_001];
        float[] ones = new float[x.length];
        float[] thousands = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 12_000) * 0.01f;
            ones[i] = 1;
            thousands[i] = 1000;
        }
        for (Activation f : Activation.values()) {
            float[] kept = ActivationTrials.kept(f, x);
            ActivationTrials.gradient(f, kept, ones).checkTruth();
            ActivationTrials.gradient(f, kept, thousands).checkTruth();
            ActivationTrials.gradient(f, kept, ones).checkBits(0, Pools.ONE);
        }
    }
}
