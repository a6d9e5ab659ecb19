package dev.lanewise.tensor;

import java.util.Arrays;
import java.util.Objects;

/**
 * A dense block of floats: a {@code float[]}, the offset of the first element, and a {@link Shape}. Row-major, channels
 * last, no strides: the elements are contiguous.
 *
 * <p>A tensor is a view. Several may share one array ({@link #reshape}, {@link #slice}), and kernels write through to
 * it. Not thread-safe: whoever writes must be the only one to use these elements.
 */
public final class Tensor {
    private final float[] array;
    private final int offset;
    private final Shape shape;

    private Tensor(float[] array, int offset, Shape shape) {
        Objects.requireNonNull(array, "array");
        Objects.requireNonNull(shape, "shape");
        if (offset < 0 || offset > array.length - shape.size()) {
            throw new IllegalArgumentException("tensor: " + shape + " at offset " + offset + " needs "
                    + (offset + (long) shape.size()) + " elements; the array has " + array.length);
        }
        this.array = array;
        this.offset = offset;
        this.shape = shape;
    }

    /**
     * Returns a new tensor of zeros.
     *
     * @param shape its shape
     * @return the tensor, on an array of its own
     */
    public static Tensor zeros(Shape shape) {
        return new Tensor(new float[shape.size()], 0, shape);
    }

    /**
     * Returns a new tensor of zeros.
     *
     * @param extents its extents, outermost first
     * @return the tensor, on an array of its own
     */
    public static Tensor zeros(int... extents) {
        return zeros(Shape.of(extents));
    }

    /**
     * Returns a tensor over existing elements, without a copy.
     *
     * @param array holds the elements, row-major
     * @param offset index of the first element
     * @param shape the shape
     * @return the view
     * @throws IllegalArgumentException if the elements would reach past the array
     */
    public static Tensor wrap(float[] array, int offset, Shape shape) {
        return new Tensor(array, offset, shape);
    }

    /**
     * Returns a tensor over a whole array, without a copy.
     *
     * @param array the elements, row-major
     * @param extents the extents, outermost first; their product must be the array's length
     * @return the view
     * @throws IllegalArgumentException if array and extents disagree in size
     */
    public static Tensor of(float[] array, int... extents) {
        Shape shape = Shape.of(extents);
        if (shape.size() != array.length) {
            throw new IllegalArgumentException(
                    "tensor: " + shape + " needs " + shape.size() + " elements; the array has " + array.length);
        }
        return new Tensor(array, 0, shape);
    }

    /**
     * Returns the array that holds the elements, and maybe others beside them.
     *
     * @return the array itself, not a copy
     */
    public float[] array() {
        return array;
    }

    /**
     * Returns the index of the first element in {@link #array()}.
     *
     * @return the offset
     */
    public int offset() {
        return offset;
    }

    /**
     * Returns the shape.
     *
     * @return the shape
     */
    public Shape shape() {
        return shape;
    }

    /**
     * Returns the number of elements.
     *
     * @return the size
     */
    public int size() {
        return shape.size();
    }

    /**
     * Returns the same elements under another shape.
     *
     * @param other a shape of the same size
     * @return a view of this tensor
     * @throws IllegalArgumentException if the sizes differ
     */
    public Tensor reshape(Shape other) {
        if (other.size() != shape.size()) {
            throw new IllegalArgumentException("reshape: " + shape + " has " + shape.size() + " elements, " + other
                    + " has " + other.size() + "; the sizes must be equal");
        }
        return new Tensor(array, offset, other);
    }

    /**
     * Returns part of this tensor along its outermost axis, such as some images of a batch.
     *
     * @param from index of the first entry, inclusive
     * @param to index after the last entry
     * @return a view of this tensor, of shape {@code [to - from, ...]}
     * @throws IllegalArgumentException if the range does not lie within the axis
     */
    public Tensor slice(int from, int to) {
        int extent = shape.extent(0);
        if (from < 0 || to < from || to > extent) {
            throw new IllegalArgumentException(
                    "slice: " + from + ".." + to + " does not lie within 0.." + extent + " of " + shape);
        }
        Shape part = shape.withFirst(to - from);
        int step = extent == 0 ? 0 : shape.size() / extent;
        return new Tensor(array, offset + from * step, part);
    }

    /**
     * Returns one element.
     *
     * @param indices one index for each axis, outermost first
     * @return the element
     * @throws IllegalArgumentException if an index is missing or outside its axis
     */
    public float get(int... indices) {
        return array[position(indices)];
    }

    /**
     * Sets one element.
     *
     * @param value the new value
     * @param indices one index for each axis, outermost first
     * @throws IllegalArgumentException if an index is missing or outside its axis
     */
    public void set(float value, int... indices) {
        array[position(indices)] = value;
    }

    /**
     * Sets every element to one value.
     *
     * @param value the value
     */
    public void fill(float value) {
        Arrays.fill(array, offset, offset + size(), value);
    }

    /**
     * Copies the elements of another tensor of the same shape into this one.
     *
     * @param source the elements to copy
     * @throws ShapeMismatchException if the shapes differ
     */
    public void copyFrom(Tensor source) {
        if (!source.shape.equals(shape)) {
            throw new ShapeMismatchException(
                    "copy: source is " + source.shape + ", target is " + shape + "; the shapes must be equal");
        }
        System.arraycopy(source.array, source.offset, array, offset, size());
    }

    /**
     * Returns the elements in row-major order.
     *
     * @return a copy
     */
    public float[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + size());
    }

    /**
     * Tells whether this tensor and another have elements in common.
     *
     * @param other the other tensor
     * @return true if writing one can change the other
     */
    public boolean overlaps(Tensor other) {
        return array == other.array
                && offset < other.offset + other.size()
                && other.offset < offset + size()
                && size() > 0
                && other.size() > 0;
    }

    /** Returns the shape and up to eight leading elements. */
    @Override
    public String toString() {
        String head = Arrays.toString(Arrays.copyOfRange(array, offset, offset + Math.min(size(), 8)));
        return "Tensor " + shape + (size() <= 8 ? " " + head : " " + head.replace("]", ", ...]"));
    }

    private int position(int[] indices) {
        if (indices.length != shape.rank()) {
            throw new IllegalArgumentException(
                    "tensor: " + shape + " has " + shape.rank() + " axes; given were " + indices.length + " indices");
        }
        int position = 0;
        for (int axis = 0; axis < indices.length; axis++) {
            int extent = shape.extent(axis);
            if (indices[axis] < 0 || indices[axis] >= extent) {
                throw new IllegalArgumentException(
                        "tensor: index " + Arrays.toString(indices) + " is outside " + shape);
            }
            position = position * extent + indices[axis];
        }
        return offset + position;
    }
}
