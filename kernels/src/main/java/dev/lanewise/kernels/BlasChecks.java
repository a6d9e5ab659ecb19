package dev.lanewise.kernels;

/** Checks of matrices in arrays; messages name the operation, the numbers and the rule. */
final class BlasChecks {
    private BlasChecks() {}

    static void sizes(String operation, int m, int n, int k) {
        if (m < 0 || n < 0 || k < 0) {
            throw new IllegalArgumentException(
                    operation + ": m is " + m + ", n is " + n + ", k is " + k + "; none may be negative");
        }
    }

    static void sizes(String operation, int m, int n) {
        if (m < 0 || n < 0) {
            throw new IllegalArgumentException(operation + ": m is " + m + ", n is " + n + "; neither may be negative");
        }
    }

    /** Checks that a matrix lies within its array. */
    static void matrix(
            String operation, String name, int length, int offset, int rows, int columns, int leadingDimension) {
        if (leadingDimension < Math.max(1, columns)) {
            throw new IllegalArgumentException(operation + ": " + name + " is " + rows + "x" + columns + ", ld" + name
                    + " is " + leadingDimension + "; a leading dimension must be at least 1 and the number of columns");
        }
        range(operation, name, length, offset, rows, columns, leadingDimension);
    }

    /** Checks that a vector lies within its array. */
    static void vector(String operation, String name, int length, int offset, int size) {
        range(operation, name, length, offset, 1, size, size);
    }

    /** Checks that matrices of a batch lie within their array; a negative stride is refused. An empty batch has none. */
    static void batch(
            String operation,
            String name,
            int length,
            int offset,
            int rows,
            int columns,
            int leadingDimension,
            int stride,
            int count) {
        if (count < 0 || stride < 0) {
            throw new IllegalArgumentException(operation + ": batch is " + count + ", the stride of " + name + " is "
                    + stride + "; neither may be negative");
        }
        matrix(operation, name, length, offset, count == 0 ? 0 : rows, columns, leadingDimension);
        if (count == 0) {
            return;
        }
        long last = offset + (count - 1) * (long) stride;
        if (last > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(operation + ": the last " + name + " starts at " + last
                    + "; it must lie in the array of " + length);
        }
        range(operation, name, length, (int) last, rows, columns, leadingDimension);
    }

    private static void range(
            String operation, String name, int length, int offset, int rows, int columns, int leadingDimension) {
        long end = end(offset, rows, columns, leadingDimension);
        if (offset < 0 || end > length) {
            throw new IllegalArgumentException(
                    operation + ": " + name + " is " + rows + "x" + columns + " from " + offset
                            + " with rows " + leadingDimension + " apart, which ends at " + end
                            + "; it must lie in the array of "
                            + length);
        }
    }

    /** The index after the last element; the offset if there is none. */
    static long end(int offset, int rows, int columns, int leadingDimension) {
        return rows == 0 || columns == 0 ? offset : offset + (rows - 1) * (long) leadingDimension + columns;
    }

    /** The index after the last element of a batch; the offset if there is none. */
    static long end(int offset, int rows, int columns, int leadingDimension, int stride, int count) {
        return count == 0 ? offset : end(offset, rows, columns, leadingDimension) + (count - 1) * (long) stride;
    }

    /** Refuses a result that reaches into an argument's range of the same array. */
    static void apart(
            String operation, String name, Object array, int offset, long end, Object c, int cOffset, long cEnd) {
        boolean isEmpty = offset == end || cOffset == cEnd;
        if (array == c && offset < cEnd && cOffset < end && !isEmpty) {
            throw new IllegalArgumentException(
                    operation + ": the result, [" + cOffset + ", " + cEnd + "), overlaps " + name + ", [" + offset
                            + ", " + end + "), in the same array; the result needs elements of its own");
        }
    }
}
