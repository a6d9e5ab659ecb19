package dev.lanewise.kernels;

/**
 * What is to be computed on arrays, {@code C = start + op(A) (alpha op(B))}, and what all the ways to do it share. The start
 * values lie in {@code s}, which may be C itself, or are 0 if it is null.
 */
final class FloatProduct {
    /** What is done with a block of C when it is complete and still in the cache. */
    @FunctionalInterface
    interface Finish {
        /** Finishes rows [row, row + rows) of columns [column, column + columns). */
        void apply(int row, int rows, int column, int columns);
    }

    final boolean transposeA;
    final boolean transposeB;

    /** Whether B is in panels already. */
    final boolean inPanels;

    final int m;
    final int n;
    final int k;
    final float alpha;
    final float[] a;
    final int a0;
    final int lda;
    final float[] b;
    final int b0;
    final int ldb;
    final float[] s;
    final int s0;
    final int sRow;
    final float[] c;
    final int c0;
    final int ldc;
    final Finish finish;

    FloatProduct(
            boolean transposeA,
            boolean transposeB,
            boolean inPanels,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int a0,
            int lda,
            float[] b,
            int b0,
            int ldb,
            float[] s,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int ldc,
            Finish finish) {
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        this.inPanels = inPanels;
        this.m = m;
        this.n = n;
        this.k = k;
        this.alpha = alpha;
        this.a = a;
        this.a0 = a0;
        this.lda = lda;
        this.b = b;
        this.b0 = b0;
        this.ldb = ldb;
        this.s = s;
        this.s0 = s0;
        this.sRow = sRow;
        this.c = c;
        this.c0 = c0;
        this.ldc = ldc;
        this.finish = finish;
    }

    /** Whether what C or the start values hold counts; otherwise sums start from 0. */
    boolean hasStart() {
        return s != null;
    }

    void start(int row, int rows, int column, int columns) {
        start(row, rows, column, columns, s, s0, sRow, c, c0, ldc);
    }

    /** Copies start values to C, where they are not yet: tiles add to what C holds, or start from 0. */
    static void start(
            int row, int rows, int column, int columns, float[] s, int s0, int sRow, float[] c, int c0, int ldc) {
        if (s == null || (s == c && s0 == c0)) {
            return;
        }
        for (int i = row; i < row + rows; i++) {
            System.arraycopy(s, s0 + i * sRow + column, c, c0 + i * ldc + column, columns);
        }
    }

    /** Where an element of op(A) is. */
    int left(int row, int step) {
        return a0 + (transposeA ? step * lda + row : row * lda + step);
    }

    /** Where an element of op(B) is. */
    int right(int step, int column) {
        return b0 + (transposeB ? column * ldb + step : step * ldb + column);
    }

    /** Where an element of C is. */
    int target(int row, int column) {
        return c0 + row * ldc + column;
    }

    void finished(int row, int rows, int column, int columns) {
        if (finish != null) {
            finish.apply(row, rows, column, columns);
        }
    }
}
