package dev.lanewise.peers.foreign;

/** What goes into or comes out of a primitive of oneDNN. */
public enum DnnlArgument {
    /** What goes in. */
    SRC(1, 129),
    /** What goes in second, where two are alike. */
    SRC_1(2, 129),
    /** What comes out. */
    DST(17, 133),
    /** Weights. */
    WEIGHTS(33, 131),
    /** Means of a normalisation. */
    MEAN(49, 0),
    /** Variances of a normalisation. */
    VARIANCE(50, 0),
    /** What normalised inputs are multiplied by. */
    SCALE(51, 0),
    /** What is added to them. */
    SHIFT(52, 0),
    /** What a forward pass notes for its gradient. */
    WORKSPACE(64, 135),
    /** The gradient of what goes in. */
    DIFF_SRC(129, 130),
    /** The gradient of what comes out. */
    DIFF_DST(145, 134),
    /** The gradient of the weights. */
    DIFF_WEIGHTS(161, 132),
    /** The gradient of the scale. */
    DIFF_SCALE(255, 0),
    /** The gradient of the shift. */
    DIFF_SHIFT(256, 0);

    private final int index;
    private final int query;

    DnnlArgument(int index, int query) {
        this.index = index;
        this.query = query;
    }

    /**
     * Returns its number in a call.
     *
     * @return the number {@code DNNL_ARG_...}
     */
    public int index() {
        return index;
    }

    /**
     * Returns the number by which its layout is asked for.
     *
     * @return the number {@code dnnl_query_..._md}, or 0 where the caller chooses the layout
     */
    public int query() {
        return query;
    }
}
