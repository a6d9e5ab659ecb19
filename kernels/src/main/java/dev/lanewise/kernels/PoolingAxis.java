package dev.lanewise.kernels;

/**
 * The windows of one axis of pooling: output {@code i} covers inputs {@code from[i]} to below {@code to[i]}.
 *
 * @param input how many inputs
 * @param from for each output its first input
 * @param to for each output the input after its last
 */
record PoolingAxis(int input, int[] from, int[] to) {
    /** Windows of one size at equal distances, which may reach over both ends. */
    static PoolingAxis sliding(int input, int output, int kernel, int stride, int padBefore) {
        PoolingAxis axis = new PoolingAxis(input, new int[output], new int[output]);
        for (int i = 0; i < output; i++) {
            int first = i * stride - padBefore;
            axis.from[i] = Math.max(0, first);
            axis.to[i] = Math.min(input, first + kernel);
        }
        return axis;
    }

    /** As many windows as asked for, from {@code floor(i input / output)} to {@code ceil((i + 1) input / output)}. */
    static PoolingAxis adaptive(int input, int output) {
        PoolingAxis axis = new PoolingAxis(input, new int[output], new int[output]);
        for (int i = 0; i < output; i++) {
            axis.from[i] = (int) ((long) i * input / output);
            axis.to[i] = (int) Math.ceilDiv((i + 1L) * input, (long) output);
        }
        return axis;
    }

    int output() {
        return from.length;
    }

    int size(int window) {
        return to[window] - from[window];
    }

    /** How many windows from one on are of its size and as far apart as it and the next. */
    int run(int window) {
        int next = window + 1;
        while (next < output()
                && size(next) == size(window)
                && from[next] - from[next - 1] == from[window + 1] - from[window]) {
            next++;
        }
        return next - window;
    }

    /** Tells whether every input lies in exactly one window. */
    boolean tiles() {
        boolean tiles = from[0] == 0 && to[output() - 1] == input;
        for (int i = 1; i < output(); i++) {
            tiles &= from[i] == to[i - 1];
        }
        return tiles;
    }
}
