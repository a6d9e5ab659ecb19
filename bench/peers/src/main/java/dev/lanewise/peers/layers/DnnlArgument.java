package dev.lanewise.peers.layers;

/** What goes into or comes out of a primitive of oneDNN. */
enum DnnlArgument {
    SRC(1, 129),
    DST(17, 133),
    WEIGHTS(33, 131),
    WORKSPACE(64, 135),
    DIFF_SRC(129, 130),
    DIFF_DST(145, 134),
    DIFF_WEIGHTS(161, 132);

    private final int index;
    private final int query;

    DnnlArgument(int index, int query) {
        this.index = index;
        this.query = query;
    }

    /** The number {@code DNNL_ARG_...}. */
    int index() {
        return index;
    }

    /** The number {@code dnnl_query_..._md}. */
    int query() {
        return query;
    }
}
