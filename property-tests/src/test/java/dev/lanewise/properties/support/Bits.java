package dev.lanewise.properties.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.lanewise.reference.Ulps;

/** Compares floats: bit for bit, or with a number that is known to be true. */
public final class Bits {
    private Bits() {}

    /**
     * Tells whether two floats are the same: the same bits, or both NaN, whichever NaN.
     *
     * @param a one float
     * @param b the other
     * @return true if they are the same; +0 and -0 are not
     */
    public static boolean same(float a, float b) {
        return Float.floatToIntBits(a) == Float.floatToIntBits(b);
    }

    /**
     * Fails unless two floats are the same.
     *
     * @param expected the right value
     * @param actual the value found
     */
    public static void assertSame(float expected, float actual) {
        assertSame("value", new float[] {expected}, new float[] {actual});
    }

    /**
     * Fails unless all floats are the same.
     *
     * @param expected the right values
     * @param actual the values found
     */
    public static void assertSame(float[] expected, float[] actual) {
        assertSame("values", expected, actual);
    }

    /**
     * Fails unless all floats are the same.
     *
     * @param what what is compared, for the message
     * @param expected the right values
     * @param actual the values found
     */
    public static void assertSame(String what, float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length, what + ": length");
        for (int i = 0; i < expected.length; i++) {
            if (!same(expected[i], actual[i])) {
                fail(what + "[" + i + "] of " + expected.length + ": expected " + describe(expected[i]) + ", was "
                        + describe(actual[i]));
            }
        }
    }

    /**
     * Fails unless each float is within some units in the last place of the truth.
     *
     * @param what what is compared, for the message
     * @param truth the right numbers
     * @param actual the floats found
     * @param bound the largest distance in {@link Ulps}
     */
    public static void assertUlps(String what, double[] truth, float[] actual, double bound) {
        assertEquals(truth.length, actual.length, what + ": length");
        for (int i = 0; i < truth.length; i++) {
            double distance = Ulps.between(truth[i], actual[i]);
            if (!(distance <= bound)) {
                fail(what + "[" + i + "]: truth " + truth[i] + ", was " + describe(actual[i]) + ", " + distance
                        + " ulp apart; at most " + bound + " allowed");
            }
        }
    }

    /**
     * Fails unless each float is within an absolute distance of the truth. NaN must meet NaN, an infinity itself.
     *
     * @param what what is compared, for the message
     * @param truth the right numbers
     * @param actual the floats found
     * @param bounds for each element the largest distance, at least 0
     */
    public static void assertWithin(String what, double[] truth, float[] actual, double[] bounds) {
        assertEquals(truth.length, actual.length, what + ": length");
        for (int i = 0; i < truth.length; i++) {
            boolean exact = Ulps.between(truth[i], actual[i]) == 0;
            if (!exact && !(Math.abs(actual[i] - truth[i]) <= bounds[i])) {
                fail(what + "[" + i + "]: truth " + truth[i] + ", was " + describe(actual[i]) + ", "
                        + Math.abs(actual[i] - truth[i]) + " apart; at most " + bounds[i] + " allowed");
            }
        }
    }

    private static String describe(float value) {
        return value + " (" + Float.toHexString(value) + ")";
    }
}
