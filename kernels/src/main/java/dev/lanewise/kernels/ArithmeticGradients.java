package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The gradients of {@link Arithmetic}. The gradient of a tensor that was spread over a larger one is the sum over all elements
 * that it was spread to: over the trailing axes first, rounded to float, then over the leading ones, or over all at once if it
 * has one element; the sums are those of {@link Reductions}. ({@code scale} and {@code axpy} are linear: their gradients are {@code scale} again.)
 */
public final class ArithmeticGradients {
    private ArithmeticGradients() {}

    /** A loop from a, b and dy to the gradient of a or b. */
    @FunctionalInterface
    private interface Loop {
        void run(float[] a, int a0, float[] b, int b0, float[] dy, int dy0, float[] dx, int dx0, int size);
    }

    /** A loop where a or b is the same for all elements. */
    @FunctionalInterface
    private interface LoopOfOne {
        void run(float[] other, int other0, float[] dy, int dy0, float[] dx, int dx0, int size, float one);
    }

    /** The loops of a gradient that needs a, b and dy. */
    private record Loops(Loop each, LoopOfOne oneA, LoopOfOne oneB) {}

    private static final Loops DIVISOR = new Loops(
            ElementLoops::divisorGradient, ElementLoops::divisorGradientOneA, ElementLoops::divisorGradientOneB);
    private static final Loops IF_NOT_ABOVE = new Loops(
            ElementLoops::gradientIfNotAbove,
            ElementLoops::gradientIfNotAboveOneA,
            ElementLoops::gradientIfNotAboveOneB);
    private static final Loops IF_ABOVE = new Loops(
            ElementLoops::gradientIfAbove, ElementLoops::gradientIfAboveOneA, ElementLoops::gradientIfAboveOneB);
    private static final Loops IF_NOT_BELOW = new Loops(
            ElementLoops::gradientIfNotBelow,
            ElementLoops::gradientIfNotBelowOneA,
            ElementLoops::gradientIfNotBelowOneB);
    private static final Loops IF_BELOW = new Loops(
            ElementLoops::gradientIfBelow, ElementLoops::gradientIfBelowOneA, ElementLoops::gradientIfBelowOneB);

    /**
     * Computes the gradients of {@code y = a op b}, as the table of {@link BinaryOperation} tells.
     *
     * @param f the operation
     * @param a the first tensor of the forward pass
     * @param b the second tensor of the forward pass
     * @param dy the gradient of the results, of the shape of the larger one
     * @param da receives the gradient of a, of its shape; null if it is not wanted; shares no element with another argument
     * @param db receives the gradient of b, of its shape; null if it is not wanted; shares no element with another argument
     * @param parallelism the threads
     * @param workspace scratch memory: for a gradient that is summed, as many floats as dy has
     * @throws ShapeMismatchException if the shapes do not fit; da and db are untouched then
     * @throws IllegalArgumentException if da or db overlaps another argument
     */
    public static void apply(
            BinaryOperation f,
            Tensor a,
            Tensor b,
            Tensor dy,
            Tensor da,
            Tensor db,
            Parallelism parallelism,
            Workspace workspace) {
        String operation = Arithmetic.name(f) + " gradient";
        boolean aIsSmall = Broadcast.isSmall(a, b);
        Tensor large = aIsSmall ? b : a;
        Tensor small = aIsSmall ? a : b;
        Broadcast spread =
                Broadcast.of(operation, aIsSmall ? "b" : "a", large.shape(), aIsSmall ? "a" : "b", small.shape());
        Checks.sameShape(operation, aIsSmall ? "b" : "a", large, "dy", dy);
        check(operation, "da", da, "a", a, a, b, dy, db);
        check(operation, "db", db, "b", b, a, b, dy, da);
        if (da != null) {
            Tensor target = aIsSmall ? null : da;
            gradient(f, true, a, b, dy, aIsSmall, spread, target, da, parallelism, workspace);
        }
        if (db != null) {
            Tensor target = aIsSmall ? db : null;
            gradient(f, false, a, b, dy, aIsSmall, spread, target, db, parallelism, workspace);
        }
    }

    private static void check(
            String operation,
            String name,
            Tensor gradient,
            String of,
            Tensor like,
            Tensor a,
            Tensor b,
            Tensor dy,
            Tensor other) {
        if (gradient == null) {
            return;
        }
        Checks.sameShape(operation, of, like, name, gradient);
        Checks.apart(operation, "a", a, name, gradient);
        Checks.apart(operation, "b", b, name, gradient);
        Checks.apart(operation, "dy", dy, name, gradient);
        if (other != null) {
            Checks.apart(operation, "the other gradient", other, name, gradient);
        }
    }

    /** Computes the gradient of a or of b: into {@code whole}, or into scratch that is summed up. */
    private static void gradient(
            BinaryOperation f,
            boolean ofA,
            Tensor a,
            Tensor b,
            Tensor dy,
            boolean aIsSmall,
            Broadcast spread,
            Tensor whole,
            Tensor result,
            Parallelism parallelism,
            Workspace workspace) {
        boolean summed = whole == null && (spread.outer() != 1 || spread.inner() != 1);
        boolean passed = f == BinaryOperation.ADD || f == BinaryOperation.SUBTRACT;
        Workspace.Mark mark = workspace.mark();
        Tensor each = dy;
        if (!summed) {
            each = result.reshape(dy.shape());
        } else if (!passed) {
            each = workspace.tensor(dy.shape());
        }
        if (passed && !summed) {
            Arithmetic.scale(dy, f == BinaryOperation.SUBTRACT && !ofA ? -1 : 1, each, parallelism);
        } else if (f == BinaryOperation.MULTIPLY) {
            Arithmetic.apply(f, dy, ofA ? b : a, each, parallelism);
        } else if (f == BinaryOperation.DIVIDE && ofA) {
            Arithmetic.apply(f, dy, b, each, parallelism);
        } else if (!passed) {
            Tensor repeated = spread.repeated(aIsSmall ? a : b);
            Tensor first = aIsSmall ? repeated : a;
            Tensor second = aIsSmall ? b : repeated;
            run(loops(f, ofA), first, second, dy, aIsSmall, spread.longer(), each, parallelism);
        }
        if (summed) {
            sum(each, spread, result, parallelism, workspace);
            if (f == BinaryOperation.SUBTRACT && !ofA) {
                Arithmetic.scale(result, -1, result, parallelism);
            }
        }
        workspace.release(mark);
    }

    private static void run(
            Loops loops,
            Tensor a,
            Tensor b,
            Tensor dy,
            boolean aIsSmall,
            Broadcast spread,
            Tensor dx,
            Parallelism parallelism) {
        Tensor small = aIsSmall ? a : b;
        Tensor large = aIsSmall ? b : a;
        LoopOfOne loopOfOne = aIsSmall ? loops.oneA() : loops.oneB();
        parallelism.forRange(
                dy.size(),
                Arithmetic.GRAIN,
                (from, to) -> spread.forEachRun(from, to, (at, index, size) -> {
                    int first = large.offset() + at;
                    int other = small.offset() + index;
                    int dy0 = dy.offset() + at;
                    int dx0 = dx.offset() + at;
                    if (spread.isOneEach()) {
                        float one = small.array()[other];
                        loopOfOne.run(large.array(), first, dy.array(), dy0, dx.array(), dx0, size, one);
                    } else {
                        int a0 = aIsSmall ? other : first;
                        int b0 = aIsSmall ? first : other;
                        loops.each().run(a.array(), a0, b.array(), b0, dy.array(), dy0, dx.array(), dx0, size);
                    }
                }));
    }

    private static Loops loops(BinaryOperation f, boolean ofA) {
        return switch (f) {
            case MIN -> ofA ? IF_NOT_ABOVE : IF_ABOVE;
            case MAX -> ofA ? IF_NOT_BELOW : IF_BELOW;
            default -> DIVISOR;
        };
    }

    /** Sums up {@code [outer, middle, inner]} to {@code [middle]}. */
    private static void sum(
            Tensor each, Broadcast spread, Tensor result, Parallelism parallelism, Workspace workspace) {
        Shape shape = Shape.of(spread.outer(), spread.middle(), spread.inner());
        Tensor rows = each;
        if (spread.inner() != 1) {
            rows = workspace.tensor(spread.outer(), spread.middle());
            Reductions.sum(each.reshape(shape), 2, rows, parallelism, workspace);
        }
        Tensor flat = result.reshape(Shape.of(spread.middle()));
        Tensor matrix = rows.reshape(Shape.of(spread.outer(), spread.middle()));
        Reductions.sum(matrix, 0, flat, parallelism, workspace);
    }

    /**
     * Computes the gradient of bounded elements: 0 where x is below low or above high, otherwise dy.
     *
     * @param x the elements of the forward pass, any shape
     * @param low the least result
     * @param high the largest result, at least low
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the elements, same shape; may be x or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; dx is untouched then
     * @throws IllegalArgumentException if low is above high or either NaN, or dx overlaps x or dy without being the same elements
     */
    public static void clamp(Tensor x, float low, float high, Tensor dy, Tensor dx, Parallelism parallelism) {
        Arithmetic.requireRange("clamp gradient", low, high);
        Checks.sameShape("clamp gradient", "x", x, "dy", dy);
        Checks.sameShape("clamp gradient", "x", x, "dx", dx);
        Checks.sameOrApart("clamp gradient", "x", x, "dx", dx);
        Checks.sameOrApart("clamp gradient", "dy", dy, "dx", dx);
        parallelism.forRange(
                x.size(),
                Arithmetic.GRAIN,
                (from, to) -> ElementLoops.clampGradient(
                        x.array(),
                        x.offset() + from,
                        dy.array(),
                        dy.offset() + from,
                        dx.array(),
                        dx.offset() + from,
                        to - from,
                        low,
                        high));
    }

    /**
     * Computes the gradients of chosen elements: da is dy where the condition holds, db where it does not, and 0 elsewhere.
     *
     * @param condition of the forward pass, any shape; a NaN is true
     * @param dy the gradient of the results, same shape
     * @param da receives the gradient of a, same shape; shares no element with another argument
     * @param db receives the gradient of b, same shape; shares no element with another argument
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; da and db are untouched then
     * @throws IllegalArgumentException if da or db overlaps another argument
     */
    public static void where(Tensor condition, Tensor dy, Tensor da, Tensor db, Parallelism parallelism) {
        Checks.sameShape("where gradient", "condition", condition, "dy", dy);
        check("where gradient", "da", da, "condition", condition, condition, condition, dy, db);
        check("where gradient", "db", db, "condition", condition, condition, condition, dy, da);
        parallelism.forRange(dy.size(), Arithmetic.GRAIN, (from, to) -> {
            int c0 = condition.offset() + from;
            int dy0 = dy.offset() + from;
            ElementLoops.keepIf(condition.array(), c0, dy.array(), dy0, da.array(), da.offset() + from, to - from);
            ElementLoops.keepUnless(condition.array(), c0, dy.array(), dy0, db.array(), db.offset() + from, to - from);
        });
    }
}
