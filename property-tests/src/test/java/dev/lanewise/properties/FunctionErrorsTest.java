package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.Ulps;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The functions over floats in ascending order, from -infinity to infinity: how far from the truth they are, whether they
 * rise and fall as they should, and whether the odd ones are odd.
 */
class FunctionErrorsTest {
    private static final int BLOCK = 1 << 15;
    private static final long LEAST = -(1L << 31) + 0x7fffff;
    private static final long MOST = 0x7f800000L;

    /** A kernel, the real one or a wrong one. */
    @FunctionalInterface
    private interface Kernel {
        void run(Activation f, Tensor x, Tensor y);
    }

    /** What was found of a function. */
    private static final class Findings {
        double largestError;
        float worst;
        long turns;
        long asymmetries;

        synchronized void add(double error, float at, long turned, long asymmetric) {
            if (error > largestError) {
                largestError = error;
                worst = at;
            }
            turns += turned;
            asymmetries += asymmetric;
        }
    }

    private static void real(Activation f, Tensor x, Tensor y) {
        Activations.forward(f, x, y, Pools.ONE);
    }

    /** The float at a place in the order of all floats; that of +0 is 0, of -0 is -1. */
    private static float atPlace(long place) {
        return Float.intBitsToFloat((int) (place >= 0 ? place : ~place | 0x80000000L));
    }

    private static Findings sweep(Kernel kernel, Activation f, long from, long to, long stride) {
        Findings findings = new Findings();
        int blocks = Math.toIntExact((to - from) / (BLOCK * stride) + 1);
        Pools.TWO.forEach(blocks, (block, worker) -> {
            // The first is the last of the block before.
            long first = from + (block * (long) BLOCK - 1) * stride;
            float[] x = new float[BLOCK + 1];
            for (int i = 0; i <= BLOCK; i++) {
                x[i] = atPlace(Math.max(from, Math.min(first + i * stride, to)));
            }
            check(kernel, f, x, findings);
        });
        return findings;
    }

    private static void check(Kernel kernel, Activation f, float[] x, Findings findings) {
        Tensor y = Tensor.zeros(x.length);
        kernel.run(f, Tensor.of(x, x.length), y);
        float[] results = y.array();
        int direction = FunctionErrors.direction(f);
        double error = 0;
        int worst = 0;
        long turns = 0;
        for (int i = 0; i < x.length; i++) {
            double ulps = Ulps.between(ActivationsReference.forward(f, (double) x[i]), results[i]);
            if (ulps > error) {
                error = ulps;
                worst = i;
            }
            boolean pole = f == Activation.RECIPROCAL && i > 0 && x[i] >= 0 && x[i - 1] <= 0;
            turns += i > 0 && !pole && direction * (double) results[i] < direction * (double) results[i - 1] ? 1 : 0;
        }
        findings.add(error, x[worst], turns, FunctionErrors.isOdd(f) ? asymmetries(kernel, f, x, results) : 0);
    }

    private static long asymmetries(Kernel kernel, Activation f, float[] x, float[] results) {
        float[] opposite = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            opposite[i] = -x[i];
        }
        Tensor y = Tensor.zeros(x.length);
        kernel.run(f, Tensor.of(opposite, x.length), y);
        long count = 0;
        for (int i = 0; i < x.length; i++) {
            count += Bits.same(-results[i], y.array()[i]) ? 0 : 1;
        }
        return count;
    }

    private static void assertGood(Activation f, Findings found) {
        assertTrue(
                found.largestError <= FunctionErrors.ulps(f),
                () -> f + " is wrong by " + found.largestError + " ulp at " + Float.toHexString(found.worst));
        assertTrue(found.turns == 0, () -> f + " turns " + found.turns + " times");
        assertTrue(found.asymmetries == 0, () -> f + " is not odd in " + found.asymmetries + " places");
    }

    private static String row(Activation f, Findings found) {
        return String.format(Locale.ROOT, "| %s | %.2f | %s |", f, found.largestError, Float.toHexString(found.worst));
    }

    /** Also where one function is wrong, the others are looked at: all floats take minutes. */
    private static void assertAllGood(long stride) {
        System.out.println("largest errors in ulps, every " + stride + "th float");
        List<Executable> checks = new ArrayList<>();
        for (Activation f : Activation.values()) {
            Findings found = sweep(FunctionErrorsTest::real, f, LEAST, MOST, stride);
            System.out.println(row(f, found));
            checks.add(() -> assertGood(f, found));
        }
        assertAll(checks);
    }

    @Test
    void areSmallOnASample() {
        assertAllGood(10_007);
    }

    @Test
    @Tag("nightly")
    void areSmallOnAllFloats() {
        assertAllGood(1);
    }

    /** Around the ends of reductions and of polynomials, where a step down is most likely. */
    @Test
    void noneTurnsWhereItsPiecesMeet() {
        float[] places = {
            0.25f,
            0.34657359f,
            0.5f,
            0.6931472f,
            0.75f,
            0.8f,
            1f,
            1.03972077f,
            1.5f,
            2f,
            4f,
            10f,
            17f,
            43f,
            87f,
            -0.5f,
            -0.25f,
            -0.6931472f,
            -0.75f,
            -43f,
            -87f
        };
        for (Activation f : Activation.values()) {
            for (float place : places) {
                long middle = Float.floatToIntBits(place);
                middle = middle >= 0 ? middle : ~(middle & 0x7fffffff);
                assertGood(f, sweep(FunctionErrorsTest::real, f, middle - 5000, middle + 5000, 1));
            }
        }
    }

    /** Where all floats once showed an error of 2.65 ulp (GELU) or a step down (erf) that no sample had met. */
    @Test
    void staysGoodWhereItOnceWasNot() {
        float[] places = {-2.19424f, 0.801232f, 0.804317f, 0.824702f, 0.897f, 1.9067426f};
        for (float place : places) {
            for (Activation f : new Activation[] {Activation.GELU, Activation.ERF}) {
                long middle = Float.floatToIntBits(Math.abs(place));
                middle = place > 0 ? middle : ~middle;
                assertGood(f, sweep(FunctionErrorsTest::real, f, middle - 5000, middle + 5000, 1));
            }
        }
    }

    @Test
    void catchesErrorsTurnsAndAsymmetry() {
        Kernel coarse = (f, x, y) -> {
            real(f, x, y);
            for (int i = 0; i < y.size(); i++) {
                y.array()[i] *= 1 + 0x1.8p-22f;
            }
        };
        Kernel lopsided = (f, x, y) -> {
            real(f, x, y);
            for (int i = 0; i < y.size(); i++) {
                y.array()[i] = x.array()[i] > 1 ? y.array()[i] - 3 * Math.ulp(y.array()[i]) : y.array()[i];
            }
        };
        for (Activation f : Activation.values()) {
            assertCaught(() -> assertGood(f, sweep(coarse, f, LEAST, MOST, 100_003)));
            if (FunctionErrors.isOdd(f) || FunctionErrors.direction(f) > 0) {
                long one = Float.floatToIntBits(1f);
                assertCaught(() -> assertGood(f, sweep(lopsided, f, one - 3000, one + 3000, 1)));
            }
        }
    }
}
