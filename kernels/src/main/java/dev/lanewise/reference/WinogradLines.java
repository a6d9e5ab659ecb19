package dev.lanewise.reference;

/**
 * The one-dimensional transforms of F(4, 3) with the points 0, 5/8, -5/8, 3/2, -3/2 and infinity, one number at a time and in
 * the order of the kernels, and their matrices.
 *
 * <p>They compute {@code y = A^T [(G w) (B^T x)]}, four outputs of a correlation of six inputs x with three weights w. In two
 * dimensions each is applied to the columns, then to the rows of what that gives.
 */
final class WinogradLines {
    private static final float A = 5 / 8f;
    private static final float A2 = 25 / 64f;
    private static final float A3 = 125 / 512f;
    private static final float B = 3 / 2f;
    private static final float B2 = 9 / 4f;
    private static final float B3 = 27 / 8f;
    private static final float SCALE_0 = (float) (256 / 225.0);
    private static final float SCALE_A = (float) (-2048 / 2975.0);
    private static final float SCALE_B = (float) (128 / 1071.0);

    /** B^T, exact. */
    static final double[][] INPUT = {
        {225 / 256.0, 0, -169 / 64.0, 0, 1, 0},
        {0, -45 / 32.0, -9 / 4.0, 5 / 8.0, 1, 0},
        {0, 45 / 32.0, -9 / 4.0, -5 / 8.0, 1, 0},
        {0, -75 / 128.0, -25 / 64.0, 3 / 2.0, 1, 0},
        {0, 75 / 128.0, -25 / 64.0, -3 / 2.0, 1, 0},
        {0, 225 / 256.0, 0, -169 / 64.0, 0, 1}
    };

    /** G. */
    static final double[][] WEIGHTS = {
        {256 / 225.0, 0, 0},
        {-2048 / 2975.0, -1280 / 2975.0, -800 / 2975.0},
        {-2048 / 2975.0, 1280 / 2975.0, -800 / 2975.0},
        {128 / 1071.0, 192 / 1071.0, 288 / 1071.0},
        {128 / 1071.0, -192 / 1071.0, 288 / 1071.0},
        {0, 0, 1}
    };

    /** A^T, exact. */
    static final double[][] OUTPUT = {
        {1, 1, 1, 1, 1, 0},
        {0, 5 / 8.0, -5 / 8.0, 3 / 2.0, -3 / 2.0, 0},
        {0, 25 / 64.0, 25 / 64.0, 9 / 4.0, 9 / 4.0, 0},
        {0, 125 / 512.0, -125 / 512.0, 27 / 8.0, -27 / 8.0, 1}
    };

    private WinogradLines() {}

    /** A transform of one column or row. */
    @FunctionalInterface
    interface Line {
        float[] apply(float[] line);
    }

    static float[] input(float[] x) {
        float evenA = Math.fma(-B2, x[2], x[4]);
        float oddA = Math.fma(-B2, x[1], x[3]);
        float evenB = Math.fma(-A2, x[2], x[4]);
        float oddB = Math.fma(-A2, x[1], x[3]);
        return new float[] {
            Math.fma(A2 * B2, x[0], Math.fma(-(A2 + B2), x[2], x[4])),
            Math.fma(A, oddA, evenA),
            Math.fma(-A, oddA, evenA),
            Math.fma(B, oddB, evenB),
            Math.fma(-B, oddB, evenB),
            Math.fma(A2 * B2, x[1], Math.fma(-(A2 + B2), x[3], x[5]))
        };
    }

    static float[] weights(float[] w) {
        float evenA = Math.fma(A2, w[2], w[0]);
        float evenB = Math.fma(B2, w[2], w[0]);
        return new float[] {
            SCALE_0 * w[0],
            SCALE_A * Math.fma(A, w[1], evenA),
            SCALE_A * Math.fma(-A, w[1], evenA),
            SCALE_B * Math.fma(B, w[1], evenB),
            SCALE_B * Math.fma(-B, w[1], evenB),
            w[2]
        };
    }

    static float[] output(float[] m) {
        float sumA = m[1] + m[2];
        float differenceA = m[1] - m[2];
        float sumB = m[3] + m[4];
        float differenceB = m[3] - m[4];
        return new float[] {
            (m[0] + sumA) + sumB,
            Math.fma(B, differenceB, A * differenceA),
            Math.fma(B2, sumB, A2 * sumA),
            Math.fma(B3, differenceB, Math.fma(A3, differenceA, m[5]))
        };
    }

    /** A, for the output's gradient. */
    static float[] outputGradient(float[] y) {
        float evenA = Math.fma(A2, y[2], y[0]);
        float oddA = Math.fma(A3, y[3], A * y[1]);
        float evenB = Math.fma(B2, y[2], y[0]);
        float oddB = Math.fma(B3, y[3], B * y[1]);
        return new float[] {y[0], evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, y[3]};
    }

    /** G^T, for the weights' gradient. */
    static float[] weightGradient(float[] m) {
        float sumA = SCALE_A * (m[1] + m[2]);
        float differenceA = SCALE_A * (m[1] - m[2]);
        float sumB = SCALE_B * (m[3] + m[4]);
        float differenceB = SCALE_B * (m[3] - m[4]);
        return new float[] {
            Math.fma(SCALE_0, m[0], sumA) + sumB,
            Math.fma(B, differenceB, A * differenceA),
            Math.fma(B2, sumB, Math.fma(A2, sumA, m[5]))
        };
    }

    /** Applies a transform to the columns of a square, then to the rows. */
    static float[] square(float[] square, int size, Line line) {
        return transposedLines(transposedLines(square, size, line), size, line);
    }

    /** Transforms each column and writes it as a row; called twice, it has done columns, then rows. */
    private static float[] transposedLines(float[] from, int rows, Line line) {
        int wide = from.length / rows;
        float[] to = null;
        for (int j = 0; j < wide; j++) {
            float[] column = new float[rows];
            for (int i = 0; i < rows; i++) {
                column[i] = from[i * wide + j];
            }
            float[] transformed = line.apply(column);
            if (to == null) {
                to = new float[wide * transformed.length];
            }
            System.arraycopy(transformed, 0, to, j * transformed.length, transformed.length);
        }
        return to;
    }

    /** {@code |M| S |M|^T} for a square S of magnitudes. */
    static double[] magnitudes(double[] square, double[][] matrix, boolean transposed) {
        int size = transposed ? matrix.length : matrix[0].length;
        int result = transposed ? matrix[0].length : matrix.length;
        double[] to = new double[result * result];
        for (int i = 0; i < result; i++) {
            for (int j = 0; j < result; j++) {
                for (int k = 0; k < size; k++) {
                    double row = Math.abs(transposed ? matrix[k][i] : matrix[i][k]);
                    for (int l = 0; row != 0 && l < size; l++) {
                        double column = Math.abs(transposed ? matrix[l][j] : matrix[j][l]);
                        to[i * result + j] += row * square[k * size + l] * column;
                    }
                }
            }
        }
        return to;
    }
}
