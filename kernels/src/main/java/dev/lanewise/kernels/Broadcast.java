package dev.lanewise.kernels;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * How a small tensor is spread over a large one: the large one is seen as {@code [outer, middle, inner]}, of which the small one
 * has the middle.
 *
 * @param outer the product of the leading axes that the small one lacks, or has once
 * @param middle its size
 * @param inner the product of the trailing axes that it has once
 */
record Broadcast(int outer, int middle, int inner) {
    /**
     * Finds how a tensor is spread.
     *
     * @param operation the kernel, for the message
     * @param largeName what the kernel calls the large tensor
     * @param large its shape
     * @param smallName what the kernel calls the small tensor
     * @param small its shape
     * @return the view
     * @throws ShapeMismatchException if an axis of the small shape is neither 1 nor that of the large one, from the last on, or
     *     those that are 1 are neither the first nor the last
     */
    static Broadcast of(String operation, String largeName, Shape large, String smallName, Shape small) {
        int missing = large.rank() - small.rank();
        int from = missing;
        while (from >= 0 && from < large.rank() && small.extent(from - missing) == 1) {
            from++;
        }
        int to = large.rank();
        while (missing >= 0 && to > from && small.extent(to - 1 - missing) == 1) {
            to--;
        }
        boolean fits = missing >= 0;
        int outer = 1;
        int middle = 1;
        int inner = 1;
        for (int axis = 0; fits && axis < large.rank(); axis++) {
            int extent = large.extent(axis);
            outer *= axis < from ? extent : 1;
            inner *= axis >= to ? extent : 1;
            if (axis >= from && axis < to) {
                fits = small.extent(axis - missing) == extent;
                middle *= extent;
            }
        }
        if (!fits) {
            throw new ShapeMismatchException(
                    operation + ": " + largeName + " is " + large + ", " + smallName + " is " + small
                            + "; the axes of " + smallName + ", from the last on, must be those of " + largeName
                            + ", but for leading or trailing ones of extent 1, or leading ones that are missing");
        }
        // A single element is the same for all: one run.
        return middle == 1 ? new Broadcast(1, 1, outer * inner) : new Broadcast(outer, middle, inner);
    }

    /** Below this many elements, a small tensor that is spread over leading axes is repeated: a run should fill some vectors. */
    private static final int SHORT = 64;

    /** How often a short one is repeated to be as long as that, at least. */
    private int repeats() {
        return inner == 1 && outer > 1 && middle > 0 && middle < SHORT ? Math.min(outer, 4 * SHORT / middle) : 1;
    }

    /** Returns the view with the small tensor repeated by {@link #repeated}. */
    Broadcast longer() {
        return repeats() == 1 ? this : new Broadcast((outer - 1) / repeats() + 1, middle * repeats(), inner);
    }

    /** Returns the small tensor, or a copy that holds it several times if it is short. */
    Tensor repeated(Tensor small) {
        int times = repeats();
        if (times == 1) {
            return small;
        }
        float[] copies = new float[middle * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(small.array(), small.offset(), copies, i * middle, middle);
        }
        return Tensor.of(copies, copies.length);
    }

    /** Does what is done with a run of the large tensor. */
    @FunctionalInterface
    interface Run {
        /**
         * Does one run.
         *
         * @param at index of its first element in the large tensor
         * @param small index of the first element of the small tensor that belongs to it
         * @param size its length; if there is an inner axis, all of it belongs to one element of the small tensor
         */
        void run(int at, int small, int size);
    }

    /** Whether each run has one element of the small tensor. */
    boolean isOneEach() {
        return inner > 1;
    }

    /**
     * Does each run of some elements of the large tensor: as long as the small tensor, or as the inner axis, or cut by the range.
     *
     * @param from the first element
     * @param to the element after the last
     * @param run what is done
     */
    void forEachRun(int from, int to, Run run) {
        int length = isOneEach() ? inner : middle;
        for (int at = from; at < to; ) {
            int within = at % length;
            int size = Math.min(length - within, to - at);
            run.run(at, isOneEach() ? at / inner % middle : within, size);
            at += size;
        }
    }

    /** Whether the first of two tensors is the small one: it has fewer axes, or 1 where they first differ. */
    static boolean isSmall(Tensor small, Tensor large) {
        Shape one = small.shape();
        Shape other = large.shape();
        int axis = 0;
        while (one.rank() == other.rank() && axis < one.rank() && one.extent(axis) == other.extent(axis)) {
            axis++;
        }
        return one.rank() < other.rank() || axis < one.rank() && one.rank() == other.rank() && one.extent(axis) == 1;
    }
}
