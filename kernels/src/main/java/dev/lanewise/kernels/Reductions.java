package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Sums, means, norms, dot products and maxima along one axis, or of all elements.
 *
 * <p>Sums are taken in double and rounded to float once. The order of operations, where the elements of a sum are next to each
 * other (along the last axis, or of all): the run is cut into chunks of 16,384; in a chunk, element i goes to lane i % 16, in
 * ascending order; of each whole block of 64 elements, four of a lane are added in float before, {@code (x(l) + x(l + 16)) +
 * (x(l + 32) + x(l + 48))}; the lanes are joined in the tree (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1), the chunks added in
 * ascending order. Along another axis: chunks of 1024, in a chunk each four in float, {@code (x(0) + x(1)) + (x(2) + x(3))},
 * then to the sum, what is left of them singly; the chunks in ascending order.
 *
 * <p>So an element goes through at most two float roundings and that of the result, however many there are: a sum of numbers of
 * one sign is right to 2.5 ulp. Norms and dot products add products, exact in double, over 32 lanes or in ascending order, without
 * float roundings: they are right to an ulp unless they cancel, and squares neither overflow nor vanish.
 *
 * <p>Four floats whose sum exceeds the largest float give an infinity. NaN and infinities follow from the sum.
 */
public final class Reductions {
    private Reductions() {}

    /**
     * Adds all elements.
     *
     * @param x the elements, any shape
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each 16,384 elements
     * @return the sum; 0 of none
     */
    public static float sum(Tensor x, Parallelism parallelism, Workspace workspace) {
        return (float) SumsAlong.all(x, null, parallelism, workspace);
    }

    /**
     * Adds elements along an axis.
     *
     * @param x the elements, with an axis at least
     * @param axis the axis; a negative one counts from the last, -1
     * @param y receives the sums, the shape of x without the axis; shares no element with x
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each chunk
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if there is no such axis, or x and y overlap
     */
    public static void sum(Tensor x, int axis, Tensor y, Parallelism parallelism, Workspace workspace) {
        Axis along = check("sum", x, axis, y);
        SumsAlong.run(along, x, null, sum -> sum, y, parallelism, workspace);
    }

    /**
     * Computes the mean of all elements, the sum divided in double.
     *
     * @param x the elements, at least one
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each 16,384 elements
     * @return the mean
     * @throws IllegalArgumentException if there is no element
     */
    public static float mean(Tensor x, Parallelism parallelism, Workspace workspace) {
        requireSome("mean", x, x.size());
        return (float) (SumsAlong.all(x, null, parallelism, workspace) / x.size());
    }

    /**
     * Computes means along an axis, sums divided in double.
     *
     * @param x the elements, with an axis at least
     * @param axis the axis, of an extent of at least 1; a negative one counts from the last, -1
     * @param y receives the means, the shape of x without the axis; shares no element with x
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each chunk
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if there is no such axis or it is empty, or x and y overlap
     */
    public static void mean(Tensor x, int axis, Tensor y, Parallelism parallelism, Workspace workspace) {
        Axis along = check("mean", x, axis, y);
        requireSome("mean", x, along.extent());
        int n = along.extent();
        SumsAlong.run(along, x, null, sum -> sum / n, y, parallelism, workspace);
    }

    /**
     * Computes the Euclidean norm of all elements, {@code sqrt(sum of x²)}.
     *
     * @param x the elements, any shape
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each 16,384 elements
     * @return the norm; 0 of no element
     */
    public static float norm(Tensor x, Parallelism parallelism, Workspace workspace) {
        return (float) Math.sqrt(SumsAlong.all(x, x, parallelism, workspace));
    }

    /**
     * Computes Euclidean norms along an axis, {@code sqrt(sum of x²)}.
     *
     * @param x the elements, with an axis at least
     * @param axis the axis; a negative one counts from the last, -1
     * @param y receives the norms, the shape of x without the axis; shares no element with x
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each chunk
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if there is no such axis, or x and y overlap
     */
    public static void norm(Tensor x, int axis, Tensor y, Parallelism parallelism, Workspace workspace) {
        Axis along = check("norm", x, axis, y);
        SumsAlong.run(along, x, x, Math::sqrt, y, parallelism, workspace);
    }

    /**
     * Computes the dot product of two tensors, {@code sum of a b} over all elements.
     *
     * @param a the first factors, any shape
     * @param b the second factors, same shape
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each 16,384 elements
     * @return the dot product; 0 of no element
     * @throws ShapeMismatchException if the shapes differ
     */
    public static float dot(Tensor a, Tensor b, Parallelism parallelism, Workspace workspace) {
        Checks.sameShape("dot", "a", a, "b", b);
        return (float) SumsAlong.all(a, b, parallelism, workspace);
    }

    /**
     * Computes dot products along an axis, {@code sum of a b}.
     *
     * @param a the first factors, with an axis at least
     * @param b the second factors, same shape
     * @param axis the axis; a negative one counts from the last, -1
     * @param y receives the dot products, the shape of a without the axis; shares no element with a or b
     * @param parallelism the threads
     * @param workspace scratch memory, a double for each chunk
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if there is no such axis, or y overlaps a or b
     */
    public static void dot(Tensor a, Tensor b, int axis, Tensor y, Parallelism parallelism, Workspace workspace) {
        Checks.sameShape("dot", "a", a, "b", b);
        Checks.apart("dot", "b", b, "y", y);
        Axis along = check("dot", a, axis, y);
        SumsAlong.run(along, a, b, sum -> sum, y, parallelism, workspace);
    }

    /**
     * Finds the largest of all elements, as {@link Math#max(float, float)} does: NaN if there is one, +0 before -0.
     *
     * @param x the elements, at least one
     * @param parallelism the threads
     * @param workspace scratch memory, a float for each 16,384 elements
     * @return the maximum
     * @throws IllegalArgumentException if there is no element
     */
    public static float max(Tensor x, Parallelism parallelism, Workspace workspace) {
        requireSome("max", x, x.size());
        return Maxima.max(x, parallelism, workspace);
    }

    /**
     * Finds the largest elements along an axis, as {@link Math#max(float, float)} does: NaN if there is one, +0 before -0.
     *
     * @param x the elements, with an axis at least
     * @param axis the axis, of an extent of at least 1; a negative one counts from the last, -1
     * @param y receives the maxima, the shape of x without the axis; shares no element with x
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if there is no such axis or it is empty, or x and y overlap
     */
    public static void max(Tensor x, int axis, Tensor y, Parallelism parallelism) {
        Axis along = check("max", x, axis, y);
        requireSome("max", x, along.extent());
        Maxima.max(along, x, y, parallelism);
    }

    /**
     * Finds where the largest of all elements is: the first NaN if there is one, otherwise the first of the largest, zeros being
     * equal whatever their sign.
     *
     * @param x the elements, at least one
     * @param parallelism the threads
     * @param workspace scratch memory, a float for each 16,384 elements
     * @return its index in row-major order
     * @throws IllegalArgumentException if there is no element
     */
    public static int argmax(Tensor x, Parallelism parallelism, Workspace workspace) {
        requireSome("argmax", x, x.size());
        return Maxima.argmax(x, parallelism, workspace);
    }

    /**
     * Finds where the largest elements along an axis are: the first NaN if there is one, otherwise the first of the largest, zeros
     * being equal whatever their sign.
     *
     * @param x the elements, with an axis at least
     * @param axis the axis, of an extent of at least 1; a negative one counts from the last, -1
     * @param y receives the indices along the axis, in row-major order of the shape of x without the axis; of that many elements
     * @param parallelism the threads
     * @param workspace scratch memory, a float for each result
     * @throws ShapeMismatchException if y is of another length; y is untouched then
     * @throws IllegalArgumentException if there is no such axis or it is empty
     */
    public static void argmax(Tensor x, int axis, int[] y, Parallelism parallelism, Workspace workspace) {
        Axis along = Axis.of("argmax", x.shape(), axis);
        if (y.length != along.results()) {
            throw new ShapeMismatchException("argmax: x is " + x.shape() + ", axis is " + axis + ", y has " + y.length
                    + " elements; it must have " + along.results());
        }
        requireSome("argmax", x, along.extent());
        Maxima.argmax(along, x, y, parallelism, workspace);
    }

    private static Axis check(String operation, Tensor x, int axis, Tensor y) {
        Axis along = Axis.of(operation, x.shape(), axis);
        Axis.requireReduced(operation, x.shape(), axis, "y", y);
        Checks.apart(operation, "x", x, "y", y);
        return along;
    }

    private static void requireSome(String operation, Tensor x, int extent) {
        if (extent == 0) {
            throw new IllegalArgumentException(
                    operation + ": x is " + x.shape() + "; there must be at least one element to take it of");
        }
    }
}
