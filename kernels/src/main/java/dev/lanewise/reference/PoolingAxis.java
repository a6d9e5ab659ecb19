package dev.lanewise.reference;

/** The windows of one axis of pooling: output {@code i} covers inputs {@code from(i)} to below {@code to(i)}. */
public interface PoolingAxis {
    /**
     * Returns the number of inputs.
     *
     * @return rows or columns of the input
     */
    int input();

    /**
     * Returns the number of windows.
     *
     * @return rows or columns of the output
     */
    int output();

    /**
     * Returns the first input that a window covers.
     *
     * @param output the window
     * @return the input's index
     */
    int from(int output);

    /**
     * Returns the input after the last that a window covers.
     *
     * @param output the window
     * @return the input's index
     */
    int to(int output);

    /**
     * Returns the windows of adaptive pooling: window {@code i} from {@code floor(i input / output)} to {@code ceil((i + 1)
     * input / output)}.
     *
     * @param input rows or columns of the input
     * @param output rows or columns of the output
     * @return the axis
     */
    static PoolingAxis adaptive(int input, int output) {
        return new Adaptive(input, output);
    }

    /**
     * The windows of adaptive pooling.
     *
     * @param input rows or columns of the input
     * @param output rows or columns of the output
     */
    record Adaptive(int input, int output) implements PoolingAxis {
        @Override
        public int from(int window) {
            return (int) Math.floor((double) window * input / output);
        }

        @Override
        public int to(int window) {
            return (int) Math.ceil((window + 1.0) * input / output);
        }
    }
}
