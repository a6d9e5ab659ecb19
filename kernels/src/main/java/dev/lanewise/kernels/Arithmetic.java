package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Locale;

/**
 * Arithmetic on elements. The operations on two tensors spread the smaller one over the larger one, along leading or trailing
 * axes or both: its axes are compared from the last on; leading ones may be missing or 1, trailing ones may be 1. To {@code
 * [8, 5, 7]} belong {@code [5, 7]}, {@code [7]}, {@code [8, 1, 1]}, {@code [5, 1]}, {@code [1]} and a scalar.
 *
 * <p>Each element is one rounding of its own, whatever the threads and the vector width.
 */
public final class Arithmetic {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    static final int GRAIN = 1 << 14;

    private Arithmetic() {}

    /** A loop from a and b to y. */
    @FunctionalInterface
    private interface Loop {
        void run(float[] a, int a0, float[] b, int b0, float[] y, int y0, int size);
    }

    /** A loop where a or b is the same for all elements. */
    @FunctionalInterface
    private interface LoopOfOne {
        void run(float[] other, int other0, float[] y, int y0, int size, float one);
    }

    /** The loops of an operation. */
    private record Loops(Loop each, LoopOfOne oneA, LoopOfOne oneB) {}

    /**
     * Computes {@code y = a op b}.
     *
     * @param f the operation
     * @param a the first tensor
     * @param b the second tensor; one of them may be smaller than the other, and is spread over it then
     * @param y receives the results, of the shape of the larger one; may be the larger one, or share no element with it; shares
     *     none with the smaller one
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps the smaller one, or another argument without being the same elements
     */
    public static void apply(BinaryOperation f, Tensor a, Tensor b, Tensor y, Parallelism parallelism) {
        String operation = name(f);
        boolean aIsSmall = Broadcast.isSmall(a, b);
        Tensor large = aIsSmall ? b : a;
        Tensor small = aIsSmall ? a : b;
        Broadcast spread =
                Broadcast.of(operation, aIsSmall ? "b" : "a", large.shape(), aIsSmall ? "a" : "b", small.shape());
        Checks.sameShape(operation, aIsSmall ? "b" : "a", large, "y", y);
        Checks.sameOrApart(operation, aIsSmall ? "b" : "a", large, "y", y);
        if (small.size() == large.size()) {
            Checks.sameOrApart(operation, aIsSmall ? "a" : "b", small, "y", y);
        } else {
            Checks.apart(operation, aIsSmall ? "a" : "b", small, "y", y);
        }
        Tensor repeated = spread.repeated(small);
        run(f, aIsSmall ? repeated : a, aIsSmall ? b : repeated, aIsSmall, spread.longer(), y, parallelism);
    }

    private static void run(
            BinaryOperation f,
            Tensor a,
            Tensor b,
            boolean aIsSmall,
            Broadcast spread,
            Tensor y,
            Parallelism parallelism) {
        Tensor small = aIsSmall ? a : b;
        Tensor large = aIsSmall ? b : a;
        Loops loops = loops(f);
        LoopOfOne loopOfOne = aIsSmall ? loops.oneA() : loops.oneB();
        parallelism.forRange(
                y.size(),
                GRAIN,
                (from, to) -> spread.forEachRun(from, to, (at, index, size) -> {
                    int first = large.offset() + at;
                    int other = small.offset() + index;
                    int result = y.offset() + at;
                    if (!spread.isOneEach()) {
                        int a0 = aIsSmall ? other : first;
                        int b0 = aIsSmall ? first : other;
                        loops.each().run(a.array(), a0, b.array(), b0, y.array(), result, size);
                    } else {
                        loopOfOne.run(large.array(), first, y.array(), result, size, small.array()[other]);
                    }
                }));
    }

    /**
     * Multiplies all elements by one number.
     *
     * @param x the elements, any shape
     * @param factor the number
     * @param y receives the products, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements
     */
    public static void scale(Tensor x, float factor, Tensor y, Parallelism parallelism) {
        check("scale", x, y);
        parallelism.forRange(
                x.size(),
                GRAIN,
                (from, to) -> ElementLoops.scale(
                        x.array(), x.offset() + from, y.array(), y.offset() + from, to - from, factor));
    }

    /**
     * Adds a multiple of a tensor: {@code y = fma(factor, x, y)}.
     *
     * @param factor what x is multiplied by
     * @param x any shape
     * @param y added to, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements
     */
    public static void axpy(float factor, Tensor x, Tensor y, Parallelism parallelism) {
        check("axpy", x, y);
        parallelism.forRange(x.size(), GRAIN, (from, to) -> {
            int y0 = y.offset() + from;
            ElementLoops.axpy(x.array(), x.offset() + from, y.array(), y0, y.array(), y0, to - from, factor);
        });
    }

    /**
     * Bounds all elements, {@code y = min(max(x, low), high)}; a NaN stays one.
     *
     * @param x the elements, any shape
     * @param low the least result
     * @param high the largest result, at least low
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if low is above high or either NaN, or x and y overlap without being the same elements
     */
    public static void clamp(Tensor x, float low, float high, Tensor y, Parallelism parallelism) {
        requireRange("clamp", low, high);
        check("clamp", x, y);
        parallelism.forRange(
                x.size(),
                GRAIN,
                (from, to) -> ElementLoops.clamp(
                        x.array(), x.offset() + from, y.array(), y.offset() + from, to - from, low, high));
    }

    /**
     * Chooses elements, {@code y = condition != 0 ? a : b}.
     *
     * @param condition any shape; a NaN is true
     * @param a what is taken where the condition holds, same shape
     * @param b what is taken elsewhere, same shape
     * @param y receives the results, same shape; may be one of the others, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if y overlaps another argument without being the same elements
     */
    public static void where(Tensor condition, Tensor a, Tensor b, Tensor y, Parallelism parallelism) {
        Checks.sameShape("where", "condition", condition, "a", a);
        Checks.sameShape("where", "condition", condition, "b", b);
        Checks.sameShape("where", "condition", condition, "y", y);
        Checks.sameOrApart("where", "condition", condition, "y", y);
        Checks.sameOrApart("where", "a", a, "y", y);
        Checks.sameOrApart("where", "b", b, "y", y);
        parallelism.forRange(
                y.size(),
                GRAIN,
                (from, to) -> ElementLoops.where(
                        condition.array(),
                        condition.offset() + from,
                        a.array(),
                        a.offset() + from,
                        b.array(),
                        b.offset() + from,
                        y.array(),
                        y.offset() + from,
                        to - from));
    }

    static void requireRange(String operation, float low, float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    operation + ": low is " + low + ", high is " + high + "; low must not be above high");
        }
    }

    static String name(BinaryOperation f) {
        return f.name().toLowerCase(Locale.ROOT);
    }

    private static void check(String operation, Tensor x, Tensor y) {
        Checks.sameShape(operation, "x", x, "y", y);
        Checks.sameOrApart(operation, "x", x, "y", y);
    }

    private static Loops loops(BinaryOperation f) {
        return switch (f) {
            case ADD -> new Loops(ElementLoops::add, ElementLoops::addOneA, ElementLoops::addOneB);
            case SUBTRACT -> new Loops(ElementLoops::subtract, ElementLoops::subtractOneA, ElementLoops::subtractOneB);
            case MULTIPLY -> new Loops(ElementLoops::multiply, ElementLoops::multiplyOneA, ElementLoops::multiplyOneB);
            case DIVIDE -> new Loops(ElementLoops::divide, ElementLoops::divideOneA, ElementLoops::divideOneB);
            case MIN -> new Loops(ElementLoops::min, ElementLoops::minOneA, ElementLoops::minOneB);
            case MAX -> new Loops(ElementLoops::max, ElementLoops::maxOneA, ElementLoops::maxOneB);
        };
    }
}
