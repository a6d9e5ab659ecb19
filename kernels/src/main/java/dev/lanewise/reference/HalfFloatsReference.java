package dev.lanewise.reference;

/** Conversions between floats and numbers of 16 bits, one at a time, by what the formats say rather than by tricks. */
public final class HalfFloatsReference {
    private HalfFloatsReference() {}

    /**
     * Rounds a float to a format of 16 bits: to the nearest value, of two equally near the even one. A NaN keeps the upper
     * bits of its payload, and becomes quiet if they are all 0.
     *
     * @param x the float
     * @param fractionBits 10 for float16, 7 for bfloat16
     * @return the number's bits
     */
    public static short round(float x, int fractionBits) {
        int bits = Float.floatToRawIntBits(x);
        int sign = bits >>> 16 & 0x8000;
        int infinity = 0x7fff >>> fractionBits << fractionBits;
        if (Float.isNaN(x)) {
            int payload = (bits & 0x7fffff) >>> 23 - fractionBits;
            return (short) (sign | infinity | (payload == 0 ? 1 << fractionBits - 1 : payload));
        }
        int bias = infinity >>> fractionBits + 1;
        int exponent = Math.max(Math.getExponent(x), 1 - bias);
        // In units of the result's last place, exactly, since a double's exponents are many.
        double units = Math.abs((double) x) * StrictMath.scalb(1.0, fractionBits - exponent);
        double whole = Math.rint(units);
        // What rounds up to the next power of two carries into the exponent.
        double magnitude = whole + (double) (exponent + bias - 1) * (1 << fractionBits);
        return (short) (sign | (int) Math.min(magnitude, infinity));
    }

    /**
     * Converts a number of 16 bits to a float, exactly. A NaN keeps its payload, as the upper bits of the float's.
     *
     * @param half the number's bits
     * @param fractionBits 10 for float16, 7 for bfloat16
     * @return the float
     */
    public static float widen(short half, int fractionBits) {
        int magnitude = half & 0x7fff;
        int sign = (half & 0x8000) << 16;
        int infinity = 0x7fff >>> fractionBits << fractionBits;
        int fraction = magnitude & (1 << fractionBits) - 1;
        if (magnitude >= infinity) {
            return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 23 - fractionBits);
        }
        int bias = infinity >>> fractionBits + 1;
        int exponent = magnitude >>> fractionBits;
        int significand = exponent == 0 ? fraction : fraction | 1 << fractionBits;
        double value = StrictMath.scalb((double) significand, Math.max(exponent, 1) - bias - fractionBits);
        return Float.intBitsToFloat(sign | Float.floatToRawIntBits((float) value));
    }
}
