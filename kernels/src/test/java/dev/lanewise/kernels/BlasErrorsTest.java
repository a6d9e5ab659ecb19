package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import org.junit.jupiter.api.Test;

/** Bad arguments of products on arrays: a message that says what is wrong, and a result that is untouched. */
class BlasErrorsTest {
    private final float[] shared = new float[40];

    private void refused(
            String message,
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            int lda,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc) {
        float[] before = c.clone();
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> FloatBlas.gemm(
                        false,
                        false,
                        m,
                        n,
                        k,
                        1,
                        a,
                        a0,
                        lda,
                        b,
                        b0,
                        ldb,
                        0,
                        c,
                        c0,
                        ldc,
                        Parallelism.serial(),
                        new Workspace()));
        assertEquals(message, e.getMessage());
        assertArrayEquals(before, c);
    }

    @Test
    void sizesMustNotBeNegative() {
        refused(
                "gemm: m is -1, n is 2, k is 3; none may be negative",
                -1,
                2,
                3,
                new float[9],
                0,
                3,
                new float[9],
                0,
                3,
                new float[9],
                0,
                3);
    }

    @Test
    void matricesMustLieInTheirArrays() {
        refused(
                "gemm: a is 3x3 from 1 with rows 3 apart, which ends at 10; it must lie in the array of 9",
                3,
                3,
                3,
                new float[9],
                1,
                3,
                new float[9],
                0,
                3,
                new float[9],
                0,
                3);
        refused(
                "gemm: b is 3x3 from -1 with rows 3 apart, which ends at 8; it must lie in the array of 9",
                3,
                3,
                3,
                new float[9],
                0,
                3,
                new float[9],
                -1,
                3,
                new float[9],
                0,
                3);
        refused(
                "gemm: c is 3x3 from 0 with rows 4 apart, which ends at 11; it must lie in the array of 9",
                3,
                3,
                3,
                new float[9],
                0,
                3,
                new float[9],
                0,
                3,
                new float[9],
                0,
                4);
        // 65536 * 65536 wraps to 0 in an int.
        refused(
                "gemm: a is 65537x1 from 0 with rows 65536 apart, which ends at 4294967297; it must lie in the array of 9",
                65537,
                1,
                1,
                new float[9],
                0,
                65536,
                new float[9],
                0,
                3,
                new float[65537],
                0,
                1);
    }

    @Test
    void leadingDimensionsMustHoldARow() {
        refused(
                "gemm: b is 3x3, ldb is 2; a leading dimension must be at least 1 and the number of columns",
                3,
                3,
                3,
                new float[9],
                0,
                3,
                new float[9],
                0,
                2,
                new float[9],
                0,
                3);
    }

    @Test
    void theResultMustNotOverlapAFactor() {
        refused(
                "gemm: the result, [8, 17), overlaps a, [0, 9), in the same array; the result needs elements of its own",
                3,
                3,
                3,
                shared,
                0,
                3,
                new float[9],
                0,
                3,
                shared,
                8,
                3);
        // Side by side is fine.
        FloatBlas.gemm(
                false,
                false,
                3,
                3,
                3,
                1,
                shared,
                0,
                3,
                shared,
                9,
                3,
                0,
                shared,
                18,
                3,
                Parallelism.serial(),
                new Workspace());
    }

    @Test
    void aBatchMustNotOverlapItself() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> FloatBlas.gemmBatched(
                        false,
                        false,
                        2,
                        2,
                        2,
                        1,
                        new float[8],
                        0,
                        2,
                        4,
                        new float[8],
                        0,
                        2,
                        4,
                        0,
                        new float[8],
                        0,
                        2,
                        3,
                        2,
                        Parallelism.serial(),
                        new Workspace()));
        assertEquals(
                "gemmBatched: c is 2x2 with rows 2 apart, the stride of c is 3; each c must end before the next",
                e.getMessage());
    }

    @Test
    void aVectorMustLieInItsArray() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> FloatBlas.gemv(
                        false,
                        2,
                        3,
                        1,
                        new float[6],
                        0,
                        3,
                        new float[2],
                        0,
                        0,
                        new float[2],
                        0,
                        Parallelism.serial(),
                        new Workspace()));
        assertEquals(
                "gemv: x is 1x3 from 0 with rows 3 apart, which ends at 3; it must lie in the array of 2",
                e.getMessage());
    }
}
