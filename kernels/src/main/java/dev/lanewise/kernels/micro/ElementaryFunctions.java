package dev.lanewise.kernels.micro;

/**
 * The constants of exp and log1p, and how the loops of softmax and of losses use them.
 *
 * <p>The loops that compute these functions write the same few lines out instead of calling a helper: C2 stops inlining
 * ordinary methods in a loop of this size, and a vector that crosses a call is boxed (measured: 0.3 instead of 1.5 G
 * elements/s, 12 bytes allocated for each element). Polynomials and explicit fused multiply-adds give every CPU and
 * every vector width the same bits; {@code FloatExponentials} and
 * {@code FloatLogarithms} in {@code dev.lanewise.reference} take the same steps one float at a time.
 *
 * <ul>
 *   <li>{@code exp(x)}, x up to 40, to 1.02 ulp. {@code t = fma(x, LOG2_E, ROUNDER)} rounds x / ln 2 to an integer n,
 *       which the low bits of t hold. {@code r = x - n ln 2}, |r| up to half of ln 2, takes two steps (Cody and Waite,
 *       Software Manual for the Elementary Functions, 1980). {@code exp(r) = 1 + w}, {@code w = r + r² q(r)}, q of degree
 *       4. The power of two is {@code s = 2^(n + 64)}, made of the bits of t, then 2^-64: of the two products only the
 *       second can round, so that results below the normal range are right too. {@link #LOWEST} keeps s a normal number.
 *   <li>{@code log(1 + z)}, z in [0, 1], to 0.91 ulp. Above 1/2 it is {@code log 2 + log(1 + f)} with
 *       {@code f = (z - 1) / 2}, which is exact; below, f is z. {@code log(1 + f) = f + f² q(f)}, q of degree 8.
 * </ul>
 *
 * <p>The polynomials are minimax fits of the relative error, rounded to float from the lowest degree up, each rounding
 * balanced by a new fit of the rest. The errors given are the largest found over all floats.
 */
final class ElementaryFunctions {
    /** Where exp becomes 0: half the smallest subnormal is exp(-103.97). */
    static final float LOWEST = -105f;

    static final float LOG2_E = 0x1.715476p0f;
    static final float ROUNDER = 0x1.8p23f;
    static final float LN2_HIGH = 0x1.62e430p-1f;
    static final float LN2_LOW = -0x1.05c610p-29f;

    /** The bits of 2^64, to which {@code n << 23} is added. */
    static final int SCALE = (127 + 64) << 23;

    static final float UNSCALE = 0x1p-64f;

    static final float EXP_2 = 0x1.fffffcp-2f;
    static final float EXP_3 = 0x1.555492p-3f;
    static final float EXP_4 = 0x1.5558b4p-5f;
    static final float EXP_5 = 0x1.12399ep-7f;
    static final float EXP_6 = 0x1.6a492ep-10f;

    static final float LOG_2 = -0.5f;
    static final float LOG_3 = 0x1.5555a4p-2f;
    static final float LOG_4 = -0x1.00004ap-2f;
    static final float LOG_5 = 0x1.99699ep-3f;
    static final float LOG_6 = -0x1.54ed96p-3f;
    static final float LOG_7 = 0x1.28807ap-3f;
    static final float LOG_8 = -0x1.0d98f0p-3f;
    static final float LOG_9 = 0x1.acf4a6p-4f;
    static final float LOG_10 = -0x1.71e324p-5f;

    private ElementaryFunctions() {}
}
