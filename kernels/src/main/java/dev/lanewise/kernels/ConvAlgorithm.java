package dev.lanewise.kernels;

/** Which algorithms a convolution may use. Where it can be seen in the result, it is the caller who decides. */
public enum ConvAlgorithm {
    /** Direct sums: every result is one chain of fused multiply-adds, with an error as small as such a chain has. */
    EXACT,

    /**
     * Winograd's algorithm F(4x4, 3x3) where it applies, with a quarter of the multiplications, and {@link #EXACT} elsewhere.
     * The error is some two to four times as large, its bound more than that ({@code docs/accuracy.md}). An infinity or NaN
     * makes all of the 4x4 results NaN whose tile it is in; values above some 1e37 may overflow on the way.
     */
    FAST
}
