package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops that convert floats to numbers of 16 bits and back, by integer operations on their bits.
 *
 * <p>Assumed: the ranges lie within their arrays. The last elements that fill no vector go through the same operations under
 * a mask. Nothing outside is read or written.
 */
public final class HalfLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final VectorSpecies<Integer> I = Lanes.INTS;
    private static final VectorSpecies<Short> H = Lanes.SHORTS;

    /** What lies between the exponents of a float and of a float16, in a float's bits. */
    private static final int REBIAS = (127 - 15) << 23;

    /** The bits of the smallest normal float16, 2^-14, as a float. */
    private static final int SMALLEST_NORMAL = (127 - 14) << 23;

    private HalfLoops() {}

    /**
     * Rounds to float16. Where the result is normal, exponents are moved and the bits that are lost rounded by an addition,
     * whose carry may reach the exponent, up to that of infinity. Where it is not, 1/2 is added as a float: its last bit is
     * 2^-24, that of a subnormal float16, so the addition rounds.
     *
     * @param x what is converted
     * @param x0 index of the first
     * @param y receives the results
     * @param y0 index of the first
     * @param size how many
     */
    public static void toFloat16(float[] x, int x0, short[] y, int y0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            IntVector bits = FloatVector.fromArray(S, x, x0 + i).viewAsIntegralLanes();
            IntVector size31 = bits.and(0x7fffffff);
            IntVector odd = size31.lanewise(VectorOperators.LSHR, 13).and(1);
            IntVector half = size31.add(odd).add(0xfff - REBIAS).lanewise(VectorOperators.LSHR, 13);
            IntVector small =
                    size31.viewAsFloatingLanes().add(0.5f).viewAsIntegralLanes().sub(0x3f000000);
            half = half.blend(small, size31.compare(VectorOperators.LT, SMALLEST_NORMAL));
            half = half.blend(0x7c00, size31.compare(VectorOperators.GE, 0x47800000));
            IntVector payload = size31.lanewise(VectorOperators.LSHR, 13).and(0x3ff);
            payload = payload.blend(0x200, payload.compare(VectorOperators.EQ, 0));
            half = half.blend(payload.or(0x7c00), size31.compare(VectorOperators.GT, 0x7f800000));
            half = half.or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
            ((ShortVector) half.convertShape(VectorOperators.I2S, H, 0)).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            IntVector bits = FloatVector.fromArray(S, x, x0 + whole, rest).viewAsIntegralLanes();
            IntVector size31 = bits.and(0x7fffffff);
            IntVector odd = size31.lanewise(VectorOperators.LSHR, 13).and(1);
            IntVector half = size31.add(odd).add(0xfff - REBIAS).lanewise(VectorOperators.LSHR, 13);
            IntVector small =
                    size31.viewAsFloatingLanes().add(0.5f).viewAsIntegralLanes().sub(0x3f000000);
            half = half.blend(small, size31.compare(VectorOperators.LT, SMALLEST_NORMAL));
            half = half.blend(0x7c00, size31.compare(VectorOperators.GE, 0x47800000));
            IntVector payload = size31.lanewise(VectorOperators.LSHR, 13).and(0x3ff);
            payload = payload.blend(0x200, payload.compare(VectorOperators.EQ, 0));
            half = half.blend(payload.or(0x7c00), size31.compare(VectorOperators.GT, 0x7f800000));
            half = half.or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
            ((ShortVector) half.convertShape(VectorOperators.I2S, H, 0)).intoArray(y, y0 + whole, rest.cast(H));
        }
    }

    /**
     * Converts from float16. Exponents are moved, those of infinity and NaN twice as far. A subnormal becomes the fraction of
     * a float from 2^-14 on, from which 2^-14 is subtracted, exactly.
     *
     * @param x what is converted
     * @param x0 index of the first
     * @param y receives the results
     * @param y0 index of the first
     * @param size how many
     */
    public static void fromFloat16(short[] x, int x0, float[] y, int y0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            IntVector half =
                    (IntVector) ShortVector.fromArray(H, x, x0 + i).convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
            IntVector size15 = half.and(0x7fff);
            IntVector bits = size15.lanewise(VectorOperators.LSHL, 13).add(REBIAS);
            IntVector small =
                    bits.add(1 << 23).viewAsFloatingLanes().sub(0x1p-14f).viewAsIntegralLanes();
            bits = bits.blend(bits.add(REBIAS), size15.compare(VectorOperators.GE, 0x7c00));
            bits = bits.blend(small, size15.compare(VectorOperators.LT, 0x400));
            bits = bits.or(half.sub(size15).lanewise(VectorOperators.LSHL, 16));
            bits.viewAsFloatingLanes().intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            IntVector half = (IntVector) ShortVector.fromArray(H, x, x0 + whole, rest.cast(H))
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
            IntVector size15 = half.and(0x7fff);
            IntVector bits = size15.lanewise(VectorOperators.LSHL, 13).add(REBIAS);
            IntVector small =
                    bits.add(1 << 23).viewAsFloatingLanes().sub(0x1p-14f).viewAsIntegralLanes();
            bits = bits.blend(bits.add(REBIAS), size15.compare(VectorOperators.GE, 0x7c00));
            bits = bits.blend(small, size15.compare(VectorOperators.LT, 0x400));
            bits = bits.or(half.sub(size15).lanewise(VectorOperators.LSHL, 16));
            bits.viewAsFloatingLanes().intoArray(y, y0 + whole, rest);
        }
    }

    /**
     * Rounds to bfloat16: an addition to the bits, whose carry may reach the exponent, up to that of infinity.
     *
     * @param x what is converted
     * @param x0 index of the first
     * @param y receives the results
     * @param y0 index of the first
     * @param size how many
     */
    public static void toBfloat16(float[] x, int x0, short[] y, int y0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            IntVector bits = FloatVector.fromArray(S, x, x0 + i).viewAsIntegralLanes();
            IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
            IntVector half = bits.add(upper.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
            IntVector nan = upper.blend(upper.or(0x40), upper.and(0x7f).compare(VectorOperators.EQ, 0));
            half = half.blend(nan, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
            ((ShortVector) half.convertShape(VectorOperators.I2S, H, 0)).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            IntVector bits = FloatVector.fromArray(S, x, x0 + whole, rest).viewAsIntegralLanes();
            IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
            IntVector half = bits.add(upper.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
            IntVector nan = upper.blend(upper.or(0x40), upper.and(0x7f).compare(VectorOperators.EQ, 0));
            half = half.blend(nan, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
            ((ShortVector) half.convertShape(VectorOperators.I2S, H, 0)).intoArray(y, y0 + whole, rest.cast(H));
        }
    }

    /**
     * Converts from bfloat16, which is the upper half of a float.
     *
     * @param x what is converted
     * @param x0 index of the first
     * @param y receives the results
     * @param y0 index of the first
     * @param size how many
     */
    public static void fromBfloat16(short[] x, int x0, float[] y, int y0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            IntVector half =
                    (IntVector) ShortVector.fromArray(H, x, x0 + i).convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
            half.lanewise(VectorOperators.LSHL, 16).viewAsFloatingLanes().intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            IntVector half = (IntVector) ShortVector.fromArray(H, x, x0 + whole, rest.cast(H))
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
            half.lanewise(VectorOperators.LSHL, 16).viewAsFloatingLanes().intoArray(y, y0 + whole, rest);
        }
    }
}
