package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.HalfFloats;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.reference.HalfFloatsReference;
import dev.lanewise.runtime.Parallelism;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Numbers of 16 bits: each of them to float and back, and floats of all exponents, among them those in the middle between
 * two numbers and their neighbours, against the reference and against what Java has.
 */
@Tag("widths")
class HalfFloatsTest {
    private static final int FLOAT16 = 10;
    private static final int BFLOAT16 = 7;
    private static final int[] FORMATS = {FLOAT16, BFLOAT16};
    /** No multiple of anything: every exponent and every last bit. */
    private static final int STRIDE = 4099;

    /** A conversion from floats, the real one or a wrong one. */
    @FunctionalInterface
    private interface Rounding {
        short[] apply(float[] x, int fractionBits);
    }

    private static short[] round(float[] x, int fractionBits, Parallelism threads) {
        short[] y = new short[x.length];
        if (fractionBits == FLOAT16) {
            HalfFloats.toFloat16(x, 0, y, 0, x.length, threads);
        } else {
            HalfFloats.toBfloat16(x, 0, y, 0, x.length, threads);
        }
        return y;
    }

    private static float[] widen(short[] x, int fractionBits, Parallelism threads) {
        float[] y = new float[x.length];
        if (fractionBits == FLOAT16) {
            HalfFloats.fromFloat16(x, 0, y, 0, x.length, threads);
        } else {
            HalfFloats.fromBfloat16(x, 0, y, 0, x.length, threads);
        }
        return y;
    }

    private static short[] all() {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        return all;
    }

    private static int[] bits(float[] x) {
        return IntStream.range(0, x.length)
                .map(i -> Float.floatToRawIntBits(x[i]))
                .toArray();
    }

    /** Floats of a stride, and for each number of 16 bits where its rounding begins, and the floats beside. */
    private static float[] floats(int fractionBits) {
        int many = (int) ((1L << 32) / STRIDE);
        int[] strided = IntStream.range(0, many).map(i -> i * STRIDE).toArray();
        int[] near = IntStream.range(0, 1 << 16)
                .flatMap(half -> {
                    int low = Float.floatToRawIntBits(HalfFloatsReference.widen((short) half, fractionBits));
                    int high = Float.floatToRawIntBits(HalfFloatsReference.widen((short) (half + 1), fractionBits));
                    int middle = (int) ((low & 0xffffffffL) + (high & 0xffffffffL) >>> 1);
                    return IntStream.of(low - 1, low, low + 1, middle - 1, middle, middle + 1);
                })
                .toArray();
        float[] x = new float[strided.length + near.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Float.intBitsToFloat(i < strided.length ? strided[i] : near[i - strided.length]);
        }
        return x;
    }

    private static void checkRounding(Rounding rounding, int fractionBits) {
        float[] x = floats(fractionBits);
        short[] y = rounding.apply(x, fractionBits);
        for (int i = 0; i < x.length; i++) {
            if (HalfFloatsReference.round(x[i], fractionBits) != y[i]) {
                assertEquals(
                        Integer.toHexString(HalfFloatsReference.round(x[i], fractionBits) & 0xffff),
                        Integer.toHexString(y[i] & 0xffff),
                        x[i] + ", " + Integer.toHexString(Float.floatToRawIntBits(x[i])) + ", to " + fractionBits);
            }
        }
    }

    @Test
    void everyNumberIsExactAndComesBack() {
        for (int format : FORMATS) {
            float[] wide = widen(all(), format, Pools.TWO);
            for (int half = 0; half < wide.length; half++) {
                float expected = HalfFloatsReference.widen((short) half, format);
                assertEquals(
                        Float.floatToRawIntBits(expected), Float.floatToRawIntBits(wide[half]), half + " " + format);
            }
            assertEquals(-1, Arrays.mismatch(all(), round(wide, format, Pools.TWO)));
        }
    }

    /** Java's own conversions differ in the payload of NaN alone. */
    @Test
    void javaAgrees() {
        float[] wide = widen(all(), FLOAT16, Pools.ONE);
        float[] wideB = widen(all(), BFLOAT16, Pools.ONE);
        for (int half = 0; half < wide.length; half++) {
            assertEquals(Float.float16ToFloat((short) half), wide[half]);
            assertEquals(half << 16, Float.floatToRawIntBits(wideB[half]));
        }
        float[] x = floats(FLOAT16);
        short[] y = round(x, FLOAT16, Pools.ONE);
        for (int i = 0; i < x.length; i++) {
            if (!Float.isNaN(x[i])) {
                assertEquals(Float.floatToFloat16(x[i]), y[i], () -> "a float");
            }
        }
    }

    @Test
    void roundsToTheNearestAndToEven() {
        for (int format : FORMATS) {
            checkRounding((x, bits) -> round(x, bits, Pools.TWO), format);
        }
    }

    @Test
    void specialValues() {
        float[] x = {
            -0f, 65519.99f, 65520, 0x1p-25f, 0x1.000002p-25f, -0x1p-24f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY
        };
        short[] y = {(short) 0x8000, 0x7bff, 0x7c00, 0, 1, (short) 0x8001, 0, (short) 0xfc00};
        assertEquals(-1, Arrays.mismatch(y, round(x, FLOAT16, Pools.ONE)));
        float[] xB = {-0f, Float.MAX_VALUE, 0x1.fep127f, 0x1p-134f, 0x1.8p-133f, Float.NEGATIVE_INFINITY};
        short[] yB = {(short) 0x8000, 0x7f80, 0x7f7f, 0, 2, (short) 0xff80};
        assertEquals(-1, Arrays.mismatch(yB, round(xB, BFLOAT16, Pools.ONE)));
        float[] nan = {
            Float.intBitsToFloat(0x7fc00000), Float.intBitsToFloat(0xff800001), Float.intBitsToFloat(0x7fb56789)
        };
        short[] nanTo = {0x7e00, (short) 0xfe00, 0x7dab};
        short[] nanToB = {0x7fc0, (short) 0xffc0, 0x7fb5};
        assertEquals(-1, Arrays.mismatch(nanTo, round(nan, FLOAT16, Pools.ONE)));
        assertEquals(-1, Arrays.mismatch(nanToB, round(nan, BFLOAT16, Pools.ONE)));
    }

    @Test
    void anyPartOfAnArrayAndNothingElse() {
        float[] x = Arrays.copyOf(floats(FLOAT16), 200);
        for (int size = 0; size < 70; size++) {
            short[] y = new short[100];
            Arrays.fill(y, (short) 0x5555);
            short[] expected = y.clone();
            for (int i = 0; i < size; i++) {
                expected[i + 3] = HalfFloatsReference.round(x[i + 101], FLOAT16);
            }
            HalfFloats.toFloat16(x, 101, y, 3, size, Pools.ONE);
            assertEquals(-1, Arrays.mismatch(expected, y));
            for (int i = 0; i < size; i++) {
                expected[i + 3] = HalfFloatsReference.round(x[i + 101], BFLOAT16);
            }
            HalfFloats.toBfloat16(x, 101, y, 3, size, Pools.ONE);
            assertEquals(-1, Arrays.mismatch(expected, y));
            float[] back = new float[100];
            float[] expectedBack = new float[100];
            for (int i = 0; i < size; i++) {
                expectedBack[i + 5] = HalfFloatsReference.widen(y[i + 3], FLOAT16);
            }
            HalfFloats.fromFloat16(y, 3, back, 5, size, Pools.ONE);
            assertEquals(-1, Arrays.mismatch(bits(expectedBack), bits(back)));
            for (int i = 0; i < size; i++) {
                expectedBack[i + 5] = HalfFloatsReference.widen(y[i + 3], BFLOAT16);
            }
            HalfFloats.fromBfloat16(y, 3, back, 5, size, Pools.ONE);
            assertEquals(-1, Arrays.mismatch(bits(expectedBack), bits(back)));
        }
    }

    @Test
    void catchesWrongRoundings() {
        for (int format : FORMATS) {
            // Cut off; half always up; subnormals lost; NaN that becomes infinity.
            assertCaught(() -> checkRounding(
                    (x, bits) -> each(
                            x, bits, v -> Float.intBitsToFloat(Float.floatToRawIntBits(v) >>> 23 - bits << 23 - bits)),
                    format));
            assertCaught(() -> checkRounding((x, bits) -> each(x, bits, Math::nextUp), format));
            float smallest = HalfFloatsReference.widen((short) (1 << format), format);
            assertCaught(() -> checkRounding(
                    (x, bits) -> each(x, bits, v -> Math.abs(v) < smallest ? Math.copySign(0, v) : v), format));
            assertCaught(() -> checkRounding(
                    (x, bits) -> each(x, bits, v -> Float.isNaN(v) ? Float.POSITIVE_INFINITY : v), format));
        }
    }

    /** Changes floats before they are rounded. */
    private static short[] each(float[] x, int fractionBits, Change change) {
        short[] y = new short[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = HalfFloatsReference.round(change.apply(x[i]), fractionBits);
        }
        return y;
    }

    /** What is wrong. */
    @FunctionalInterface
    private interface Change {
        float apply(float x);
    }
}
