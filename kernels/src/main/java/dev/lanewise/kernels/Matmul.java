package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Left;
import dev.lanewise.kernels.micro.Panels;
import dev.lanewise.kernels.micro.Right;
import dev.lanewise.kernels.micro.Start;
import dev.lanewise.kernels.micro.Target;
import dev.lanewise.kernels.micro.Tiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Matrix product: {@code C = f(start + op(A) op(B))}, where {@code op} may transpose, {@code start} is 0, a bias row or
 * C itself, and {@code f} is an activation.
 *
 * <p>Each element of C is one chain of fused multiply-adds that begins with the start value and takes the products in
 * ascending order: the same bits for every thread count and vector width.
 *
 * <p>A constant of this class describes the transposes; {@link #accumulating} and {@link #with} describe what else is
 * done; {@link #run(Tensor, Tensor, Tensor, Parallelism, Workspace) run} does it. Immutable.
 */
public final class Matmul {
    /** {@code C = A B}: A is [m, k], B is [k, n]. */
    public static final Matmul NN = new Matmul(false, false, false, Activation.IDENTITY);

    /** {@code C = A B^T}: A is [m, k], B is [n, k]. */
    public static final Matmul NT = new Matmul(false, true, false, Activation.IDENTITY);

    /** {@code C = A^T B}: A is [k, m], B is [k, n]. */
    public static final Matmul TN = new Matmul(true, false, false, Activation.IDENTITY);

    /** {@code C = A^T B^T}: A is [k, m], B is [n, k]. */
    public static final Matmul TT = new Matmul(true, true, false, Activation.IDENTITY);

    /** Rows of C that a task computes: with 512 steps of the sum, their part of A is 384 KiB. A multiple of 6. */
    private static final int BLOCK_ROWS = 192;

    /** Columns of C that a task computes: at least the widest panel of any vector width, so that tasks own panels. */
    private static final int BLOCK_COLUMNS = 128;

    /** Up to this many rows B is read in place: packing it would cost more than the closer rows gain. */
    private static final int ROWS_IN_PLACE = 192;

    /** Below this many multiply-adds a second thread costs more than it gains. */
    private static final long SERIAL_WORK = 1 << 16;

    private final boolean transposeA;
    private final boolean transposeB;
    private final boolean accumulate;
    private final Activation activation;

    private Matmul(boolean transposeA, boolean transposeB, boolean accumulate, Activation activation) {
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        this.accumulate = accumulate;
        this.activation = activation;
    }

    /**
     * Returns the product that is added to what C holds: {@code C = f(C + op(A) op(B))}.
     *
     * @return the description
     */
    public Matmul accumulating() {
        return new Matmul(transposeA, transposeB, true, activation);
    }

    /**
     * Returns the product with an activation applied to the result.
     *
     * @param f the activation
     * @return the description
     */
    public Matmul with(Activation f) {
        return new Matmul(transposeA, transposeB, accumulate, f);
    }

    /**
     * Computes the product, without a bias.
     *
     * @param a the left factor, [m, k], or [k, m] if transposed
     * @param b the right factor, [k, n], or [n, k] if transposed
     * @param c receives the product, [m, n]; must not overlap a or b
     * @param parallelism the threads
     * @param workspace scratch memory, for a packed copy of b
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps a factor
     */
    public void run(Tensor a, Tensor b, Tensor c, Parallelism parallelism, Workspace workspace) {
        check(a, b, c);
        compute(a, b, accumulate ? Start.TARGET : Start.ZERO, c, parallelism, workspace);
    }

    /**
     * Computes the product plus a bias row: {@code C(i, j) = f(bias(j) + sum over p of A(i, p) B(p, j))}.
     *
     * @param a the left factor, [m, k], or [k, m] if transposed
     * @param b the right factor, [k, n], or [n, k] if transposed
     * @param bias added to each row, [n]; must not overlap c
     * @param c receives the product, [m, n]; must not overlap a or b
     * @param parallelism the threads
     * @param workspace scratch memory, for a packed copy of b
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument, or this description accumulates
     */
    public void run(Tensor a, Tensor b, Tensor bias, Tensor c, Parallelism parallelism, Workspace workspace) {
        check(a, b, c);
        if (accumulate) {
            throw new IllegalArgumentException(
                    "matmul: a bias and accumulation exclude each other; both give the start value");
        }
        if (bias.shape().rank() != 1 || bias.size() != c.shape().extent(1)) {
            throw new ShapeMismatchException("matmul: bias is " + bias.shape() + ", c is " + c.shape()
                    + "; bias must have one element for each column of c");
        }
        refuseOverlap("bias", bias, c);
        compute(a, b, Start.row(bias.array(), bias.offset()), c, parallelism, workspace);
    }

    private void compute(Tensor a, Tensor b, Start start, Tensor c, Parallelism parallelism, Workspace workspace) {
        int m = c.shape().extent(0);
        int n = c.shape().extent(1);
        int k = a.shape().extent(transposeA ? 0 : 1);
        if (c.size() == 0) {
            return;
        }
        Workspace.Mark mark = workspace.mark();
        boolean serial = (long) m * n * k < SERIAL_WORK;
        boolean inPlace = !transposeB && n % Lanes.LENGTH == 0 && (m <= ROWS_IN_PLACE || n <= Tiles.COLUMNS);
        Tensor factor = inPlace ? b : packed(b, n, k, serial, parallelism, workspace);
        Right right = new Right(factor.array(), k, inPlace ? n : 0);
        int[] rows = offsets(Tiles.wholeTiles(m), m, transposeA ? 1 : k, workspace);
        Left left = new Left(a.array(), rows, offsets(k, k, transposeA ? m : 1, workspace));
        Target target = new Target(c.array(), offsets(Tiles.wholeTiles(m), m, n, workspace));
        Tensor edges = workspace.tensor(parallelism.threads(), Tiles.EDGE_FLOATS);
        int columnBlocks = blocks(n, BLOCK_COLUMNS);
        Parallelism.Task block = (task, worker) -> {
            int row = task / columnBlocks * BLOCK_ROWS;
            int column = task % columnBlocks * BLOCK_COLUMNS;
            int high = Math.min(BLOCK_ROWS, m - row);
            int wide = Math.min(BLOCK_COLUMNS, n - column);
            int edge = edges.offset() + worker * Tiles.EDGE_FLOATS;
            Tiles.multiply(
                    left,
                    a.offset(),
                    row,
                    high,
                    right,
                    factor.offset(),
                    column,
                    wide,
                    start,
                    target,
                    c.offset(),
                    edges.array(),
                    edge);
            activate(c, row, high, column, wide);
        };
        forEach(blocks(m, BLOCK_ROWS) * columnBlocks, serial, parallelism, block);
        workspace.release(mark);
    }

    private Tensor packed(Tensor b, int n, int k, boolean serial, Parallelism parallelism, Workspace workspace) {
        Tensor packed = workspace.tensor(Panels.size(k, n));
        int[] rows = offsets(k, k, transposeB ? 1 : n, workspace);
        int columnStride = transposeB ? k : 1;
        Parallelism.Task pack = (block, worker) -> {
            int column = block * BLOCK_COLUMNS;
            int wide = Math.min(BLOCK_COLUMNS, n - column);
            Panels.pack(b.array(), b.offset(), rows, k, columnStride, column, wide, packed.array(), packed.offset());
        };
        forEach(blocks(n, BLOCK_COLUMNS), serial, parallelism, pack);
        return packed;
    }

    /** Applies the activation to a block of C while it is still in the cache. */
    private void activate(Tensor c, int row, int rows, int column, int columns) {
        if (activation == Activation.IDENTITY) {
            return;
        }
        int n = c.shape().extent(1);
        for (int i = row; i < row + rows; i++) {
            int at = c.offset() + i * n + column;
            Activations.applyRange(activation, c.array(), at, at + columns);
        }
    }

    private static void forEach(int tasks, boolean serial, Parallelism parallelism, Parallelism.Task task) {
        if (!serial) {
            parallelism.forEach(tasks, task);
            return;
        }
        for (int index = 0; index < tasks; index++) {
            task.run(index, 0);
        }
    }

    /** A table of {@code index * stride}, whose entries from {@code count} on repeat the last. */
    private static int[] offsets(int length, int count, int stride, Workspace workspace) {
        int[] offsets = workspace.ints(length);
        for (int i = 0; i < length; i++) {
            offsets[i] = Math.min(i, count - 1) * stride;
        }
        return offsets;
    }

    private static int blocks(int size, int block) {
        return (size + block - 1) / block;
    }

    private void check(Tensor a, Tensor b, Tensor c) {
        requireMatrix("a", a);
        requireMatrix("b", b);
        requireMatrix("c", c);
        int m = a.shape().extent(transposeA ? 1 : 0);
        int k = a.shape().extent(transposeA ? 0 : 1);
        int n = b.shape().extent(transposeB ? 0 : 1);
        int rowsOfB = b.shape().extent(transposeB ? 1 : 0);
        if (k != rowsOfB) {
            throw new ShapeMismatchException("matmul: " + describe(a, b) + "; " + (transposeA ? "rows" : "columns")
                    + " of a (" + k + ") must equal " + (transposeB ? "columns" : "rows") + " of b (" + rowsOfB + ")");
        }
        if (!c.shape().equals(Shape.of(m, n))) {
            throw new ShapeMismatchException(
                    "matmul: " + describe(a, b) + ", c is " + c.shape() + "; c must be " + m + "x" + n);
        }
        refuseOverlap("a", a, c);
        refuseOverlap("b", b, c);
    }

    private String describe(Tensor a, Tensor b) {
        return "a is " + a.shape() + (transposeA ? " transposed" : "") + ", b is " + b.shape()
                + (transposeB ? " transposed" : "");
    }

    private static void requireMatrix(String name, Tensor tensor) {
        if (tensor.shape().rank() != 2) {
            throw new ShapeMismatchException("matmul: " + name + " is " + tensor.shape() + "; it must have two axes");
        }
    }

    private static void refuseOverlap(String name, Tensor tensor, Tensor c) {
        if (tensor.overlaps(c)) {
            throw new IllegalArgumentException("matmul: c overlaps " + name + "; the result needs elements of its own");
        }
    }
}
