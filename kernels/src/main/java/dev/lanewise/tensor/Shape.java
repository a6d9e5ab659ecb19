package dev.lanewise.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost axis first. Immutable.
 *
 * <p>An extent may be 0 (an empty batch); a shape without axes is a scalar of size 1. The size, the product of all
 * extents, always fits an {@code int}, because a tensor lives in one Java array.
 */
public final class Shape {
    private final int[] extents;
    private final int size;

    private Shape(int[] extents) {
        this.extents = extents;
        this.size = checkedSize(extents);
    }

    /**
     * Returns the shape with these extents.
     *
     * @param extents the extents, outermost first, each at least 0
     * @return the shape
     * @throws IllegalArgumentException if an extent is negative or the product overflows an {@code int}
     */
    public static Shape of(int... extents) {
        return new Shape(extents.clone());
    }

    /**
     * Returns the number of axes.
     *
     * @return the rank, at least 0
     */
    public int rank() {
        return extents.length;
    }

    /**
     * Returns the extent of one axis.
     *
     * @param axis the axis, 0 is the outermost; a negative axis counts from the innermost, -1
     * @return the extent
     * @throws IllegalArgumentException if there is no such axis
     */
    public int extent(int axis) {
        int index = axis < 0 ? axis + extents.length : axis;
        if (index < 0 || index >= extents.length) {
            throw new IllegalArgumentException("shape: " + this + " has no axis " + axis);
        }
        return extents[index];
    }

    /**
     * Returns the number of elements, the product of all extents.
     *
     * @return the size
     */
    public int size() {
        return size;
    }

    /**
     * Returns the number of rows when the tensor is read as a matrix whose rows run along the last axis.
     *
     * @return the product of all extents but the last; 1 for a vector or a scalar
     */
    public int rows() {
        int rows = 1;
        for (int axis = 0; axis < extents.length - 1; axis++) {
            rows *= extents[axis];
        }
        return rows;
    }

    /**
     * Returns this shape with another outermost extent, such as the same image shape for another batch.
     *
     * @param extent the new outermost extent, at least 0
     * @return the shape
     * @throws IllegalArgumentException if this shape has no axis, or the result is no shape
     */
    public Shape withFirst(int extent) {
        extent(0);
        int[] changed = extents.clone();
        changed[0] = extent;
        return new Shape(changed);
    }

    /**
     * Returns this shape with one more axis outside the others, such as a batch of images of this shape.
     *
     * @param extent the extent of the new outermost axis, at least 0
     * @return the shape
     */
    public Shape prepend(int extent) {
        int[] longer = new int[extents.length + 1];
        longer[0] = extent;
        System.arraycopy(extents, 0, longer, 1, extents.length);
        return new Shape(longer);
    }

    /**
     * Returns this shape without its outermost axis.
     *
     * @return the shape
     * @throws IllegalArgumentException if this shape has no axis
     */
    public Shape dropFirst() {
        extent(0);
        return new Shape(Arrays.copyOfRange(extents, 1, extents.length));
    }

    /**
     * Returns the extents.
     *
     * @return a copy, outermost first
     */
    public int[] toArray() {
        return extents.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    /** Returns the extents joined by {@code x}, such as {@code 128x28x28x1}; {@code scalar} where there are none. */
    @Override
    public String toString() {
        if (extents.length == 0) {
            return "scalar";
        }
        StringBuilder text = new StringBuilder();
        for (int extent : extents) {
            text.append(text.isEmpty() ? "" : "x").append(extent);
        }
        return text.toString();
    }

    private static int checkedSize(int[] extents) {
        long product = 1;
        for (int extent : extents) {
            if (extent < 0) {
                throw new IllegalArgumentException(
                        "shape: extents " + Arrays.toString(extents) + " must not be negative");
            }
            // An extent of 0 makes the size 0, but the others must still describe something addressable.
            product = Math.multiplyExact(product, (long) Math.max(extent, 1));
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("shape: the product of " + Arrays.toString(extents)
                        + " must not exceed " + Integer.MAX_VALUE + " elements");
            }
        }
        for (int extent : extents) {
            if (extent == 0) {
                return 0;
            }
        }
        return (int) product;
    }
}
