package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.HalfLoops;
import dev.lanewise.runtime.Parallelism;

/**
 * Numbers of 16 bits, for storage: float16 (IEEE 754-2019 binary16: a sign, 5 bits of exponent, 10 of fraction) and
 * bfloat16 (the upper half of a float: a sign, 8 bits of exponent, 7 of fraction), as {@code short[]}.
 *
 * <p>To floats, every one of the 65,536 values is exact. From floats, the result is the nearest value, of two equally near
 * the one whose last bit is 0 (IEEE 754's roundTiesToEven); subnormals are kept in both directions; from half a last place
 * above the largest finite value on (65520 for float16), the result is infinity. A sign is always kept, that of zero too.
 *
 * <p>NaN: to floats, the payload moves to the upper bits, and a signalling NaN stays one. From floats, the upper bits of the
 * payload stay; if they are all 0, the quiet bit is set, for else the NaN would be infinity. So a value that goes to float
 * and back has the same bits, whichever of the 65,536 it is.
 */
public final class HalfFloats {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 15;

    /** One of the loops. */
    @FunctionalInterface
    private interface Loop {
        void run(int from, int size);
    }

    private HalfFloats() {}

    /**
     * Rounds floats to float16.
     *
     * @param x the floats
     * @param x0 index of the first
     * @param y receives the float16 numbers
     * @param y0 index of the first
     * @param size how many, at least 0
     * @param parallelism the threads
     * @throws IndexOutOfBoundsException if a range does not lie within its array; nothing is written then
     */
    public static void toFloat16(float[] x, int x0, short[] y, int y0, int size, Parallelism parallelism) {
        check("to float16", x.length, x0, y.length, y0, size);
        run(size, parallelism, (from, count) -> HalfLoops.toFloat16(x, x0 + from, y, y0 + from, count));
    }

    /**
     * Converts float16 to floats.
     *
     * @param x the float16 numbers
     * @param x0 index of the first
     * @param y receives the floats
     * @param y0 index of the first
     * @param size how many, at least 0
     * @param parallelism the threads
     * @throws IndexOutOfBoundsException if a range does not lie within its array; nothing is written then
     */
    public static void fromFloat16(short[] x, int x0, float[] y, int y0, int size, Parallelism parallelism) {
        check("from float16", x.length, x0, y.length, y0, size);
        run(size, parallelism, (from, count) -> HalfLoops.fromFloat16(x, x0 + from, y, y0 + from, count));
    }

    /**
     * Rounds floats to bfloat16.
     *
     * @param x the floats
     * @param x0 index of the first
     * @param y receives the bfloat16 numbers
     * @param y0 index of the first
     * @param size how many, at least 0
     * @param parallelism the threads
     * @throws IndexOutOfBoundsException if a range does not lie within its array; nothing is written then
     */
    public static void toBfloat16(float[] x, int x0, short[] y, int y0, int size, Parallelism parallelism) {
        check("to bfloat16", x.length, x0, y.length, y0, size);
        run(size, parallelism, (from, count) -> HalfLoops.toBfloat16(x, x0 + from, y, y0 + from, count));
    }

    /**
     * Converts bfloat16 to floats.
     *
     * @param x the bfloat16 numbers
     * @param x0 index of the first
     * @param y receives the floats
     * @param y0 index of the first
     * @param size how many, at least 0
     * @param parallelism the threads
     * @throws IndexOutOfBoundsException if a range does not lie within its array; nothing is written then
     */
    public static void fromBfloat16(short[] x, int x0, float[] y, int y0, int size, Parallelism parallelism) {
        check("from bfloat16", x.length, x0, y.length, y0, size);
        run(size, parallelism, (from, count) -> HalfLoops.fromBfloat16(x, x0 + from, y, y0 + from, count));
    }

    private static void run(int size, Parallelism parallelism, Loop loop) {
        parallelism.forRange(size, GRAIN, (from, to) -> loop.run(from, to - from));
    }

    private static void check(String operation, int xLength, int x0, int yLength, int y0, int size) {
        range(operation, "x", xLength, x0, size);
        range(operation, "y", yLength, y0, size);
    }

    private static void range(String operation, String name, int length, int from, int size) {
        if (from < 0 || size < 0 || from > length - size) {
            throw new IndexOutOfBoundsException(operation + ": " + size + " elements of " + name + " from " + from
                    + " must lie within its length, " + length);
        }
    }
}
