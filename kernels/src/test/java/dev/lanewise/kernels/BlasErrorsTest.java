package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Bad arguments of products on arrays: a message that says what is wrong, and a result that is untouched. */
class BlasErrorsTest {
    private static final Parallelism ONE = Parallelism.serial();

    /** Two products of 3x4 and 4x5, one after another, as they should be; or one of them, or of A and a vector. */
    private static final class Call {
        boolean transpose;
        int m = 3;
        int n = 5;
        int k = 4;
        float[] a = filled(24);
        int a0;
        int lda = 4;
        int strideA = 12;
        float[] b = filled(40);
        int b0;
        int ldb = 5;
        int strideB = 20;
        float[] c = filled(30);
        int c0;
        int ldc = 5;
        int strideC = 15;
        int batch = 2;

        private static float[] filled(int size) {
            float[] values = new float[size];
            Arrays.fill(values, 7);
            return values;
        }

        void gemm() {
            FloatBlas.gemm(
                    transpose, false, m, n, k, 1, a, a0, lda, b, b0, ldb, 0.5f, c, c0, ldc, ONE, new Workspace());
        }

        void gemmBatched() {
            FloatBlas.gemmBatched(
                    transpose,
                    false,
                    m,
                    n,
                    k,
                    1,
                    a,
                    a0,
                    lda,
                    strideA,
                    b,
                    b0,
                    ldb,
                    strideB,
                    0.5f,
                    c,
                    c0,
                    ldc,
                    strideC,
                    batch,
                    ONE,
                    new Workspace());
        }

        /** A is [m, k], x lies in b and y in c. */
        void gemv() {
            FloatBlas.gemv(transpose, m, k, 1, a, a0, lda, b, b0, 0.5f, c, c0, ONE, new Workspace());
        }
    }

    private static void refused(String message, Consumer<Call> operation, Consumer<Call> mistake) {
        Call call = new Call();
        mistake.accept(call);
        float[][] before = {call.a.clone(), call.b.clone(), call.c.clone()};
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> operation.accept(call));
        assertEquals(message, e.getMessage());
        assertArrayEquals(before, new float[][] {call.a, call.b, call.c});
    }

    private static void allowed(Consumer<Call> operation, Consumer<Call> change) {
        Call call = new Call();
        change.accept(call);
        assertDoesNotThrow(() -> operation.accept(call));
    }

    @Test
    void soundCallsAreNotRefused() {
        allowed(Call::gemm, call -> {});
        allowed(Call::gemmBatched, call -> {});
        allowed(Call::gemv, call -> {});
    }

    @Test
    void sizesMustNotBeNegative() {
        refused("gemm: m is -1, n is 5, k is 4; none may be negative", Call::gemm, call -> call.m = -1);
        refused("gemm: m is 3, n is -1, k is 4; none may be negative", Call::gemm, call -> call.n = -1);
        refused("gemm: m is 3, n is 5, k is -1; none may be negative", Call::gemm, call -> call.k = -1);
        refused(
                "gemmBatched: m is 3, n is -2147483648, k is 4; none may be negative",
                Call::gemmBatched,
                call -> call.n = Integer.MIN_VALUE);
        refused("gemv: m is -1, n is 4; neither may be negative", Call::gemv, call -> call.m = -1);
        refused("gemv: m is 3, n is -1; neither may be negative", Call::gemv, call -> call.k = -1);
        refused(
                "gemmBatched: batch is -1, the stride of a is 12; neither may be negative",
                Call::gemmBatched,
                call -> call.batch = -1);
        refused(
                "gemmBatched: batch is 2, the stride of b is -20; neither may be negative",
                Call::gemmBatched,
                call -> call.strideB = -20);
        refused(
                "gemmBatched: batch is 2, the stride of c is -15; neither may be negative",
                Call::gemmBatched,
                call -> call.strideC = -15);
    }

    @Test
    void matricesMustLieInTheirArrays() {
        refused(
                "gemm: a is 3x4 from 13 with rows 4 apart, which ends at 25; it must lie in the array of 24",
                Call::gemm,
                call -> call.a0 = 13);
        refused(
                "gemm: a is 5x3 from 0 with rows 8 apart, which ends at 35; it must lie in the array of 24",
                Call::gemm,
                call -> {
                    call.transpose = true;
                    call.k = 5;
                    call.lda = 8;
                });
        refused(
                "gemm: b is 4x5 from -1 with rows 5 apart, which ends at 19; it must lie in the array of 40",
                Call::gemm,
                call -> call.b0 = -1);
        refused(
                "gemm: c is 3x5 from 0 with rows 13 apart, which ends at 31; it must lie in the array of 30",
                Call::gemm,
                call -> call.ldc = 13);
        refused(
                "gemv: a is 3x4 from 0 with rows 11 apart, which ends at 26; it must lie in the array of 24",
                Call::gemv,
                call -> call.lda = 11);
        refused(
                "gemv: x is 1x4 from 37 with rows 4 apart, which ends at 41; it must lie in the array of 40",
                Call::gemv,
                call -> call.b0 = 37);
        refused(
                "gemv: y is 1x4 from 27 with rows 4 apart, which ends at 31; it must lie in the array of 30",
                Call::gemv,
                call -> {
                    call.transpose = true;
                    call.c0 = 27;
                });
    }

    /** Numbers whose sum or product is a harmless int once it has overflowed. */
    @Test
    void placesThatOverflowAnIntAreRefused() {
        refused(
                "gemm: a is 65537x4 from 0 with rows 65536 apart, which ends at 4294967300; it must lie in the array of 24",
                Call::gemm,
                call -> {
                    call.m = 65537;
                    call.lda = 65536;
                });
        refused(
                "gemm: b is 4x5 from 2147483647 with rows 5 apart, which ends at 2147483667; it must lie in the array of 40",
                Call::gemm,
                call -> call.b0 = Integer.MAX_VALUE);
        refused(
                "gemm: c is 3x5 from 0 with rows 2147483647 apart, which ends at 4294967299; it must lie in the array of 30",
                Call::gemm,
                call -> call.ldc = Integer.MAX_VALUE);
        refused(
                "gemv: y is 1x3 from 2147483647 with rows 3 apart, which ends at 2147483650; it must lie in the array of 30",
                Call::gemv,
                call -> call.c0 = Integer.MAX_VALUE);
        refused(
                "gemmBatched: the last a starts at 4294967296; it must lie in the array of 24",
                Call::gemmBatched,
                call -> {
                    call.strideA = 65536;
                    call.batch = 65537;
                });
    }

    @Test
    void leadingDimensionsMustHoldARow() {
        refused(
                "gemm: a is 3x4, lda is 3; a leading dimension must be at least 1 and the number of columns",
                Call::gemm,
                call -> call.lda = 3);
        refused(
                "gemm: b is 4x5, ldb is -5; a leading dimension must be at least 1 and the number of columns",
                Call::gemm,
                call -> call.ldb = -5);
        refused(
                "gemm: c is 3x0, ldc is 0; a leading dimension must be at least 1 and the number of columns",
                Call::gemm,
                call -> {
                    call.n = 0;
                    call.ldc = 0;
                });
        refused(
                "gemmBatched: c is 3x5, ldc is 4; a leading dimension must be at least 1 and the number of columns",
                Call::gemmBatched,
                call -> call.ldc = 4);
        refused(
                "gemv: a is 3x4, lda is 3; a leading dimension must be at least 1 and the number of columns",
                Call::gemv,
                call -> call.lda = 3);
    }

    @Test
    void aBatchMustLieInItsArraysAndNotOverlapItself() {
        refused(
                "gemmBatched: b is 4x5 from 21 with rows 5 apart, which ends at 41; it must lie in the array of 40",
                Call::gemmBatched,
                call -> call.strideB = 21);
        refused(
                "gemmBatched: c is 3x5 with rows 5 apart, the stride of c is 14; each c must end before the next",
                Call::gemmBatched,
                call -> call.strideC = 14);
        refused(
                "gemmBatched: c is 3x5 with rows 5 apart, the stride of c is 0; each c must end before the next",
                Call::gemmBatched,
                call -> call.strideC = 0);
        allowed(Call::gemmBatched, call -> call.strideA = 0);
    }

    @Test
    void theResultMustNotOverlapAFactor() {
        refused(
                "gemm: the result, [8, 23), overlaps a, [0, 12), in the same array; the result needs elements of its own",
                Call::gemm,
                call -> {
                    call.c = call.a;
                    call.c0 = 8;
                });
        refused(
                "gemm: the result, [0, 15), overlaps b, [14, 34), in the same array; the result needs elements of its own",
                Call::gemm,
                call -> {
                    call.c = call.b;
                    call.b0 = 14;
                });
        refused(
                "gemmBatched: the result, [10, 40), overlaps a, [0, 24), in the same array; the result needs elements of"
                        + " its own",
                Call::gemmBatched,
                call -> {
                    call.c = new float[40];
                    call.a = call.c;
                    call.c0 = 10;
                });
        refused(
                "gemv: the result, [2, 5), overlaps x, [0, 4), in the same array; the result needs elements of its own",
                Call::gemv,
                call -> {
                    call.c = call.b;
                    call.c0 = 2;
                });
        refused(
                "gemv: the result, [11, 14), overlaps a, [0, 12), in the same array; the result needs elements of its own",
                Call::gemv,
                call -> {
                    call.c = call.a;
                    call.c0 = 11;
                });
        allowed(Call::gemm, call -> {
            call.c = call.b;
            call.c0 = 20;
        });
    }

    /** Nothing lies nowhere: no place is needed, and nothing overlaps it. */
    @Test
    void whatIsEmptyNeedsNoPlace() {
        allowed(Call::gemmBatched, call -> {
            call.batch = 0;
            call.a = new float[0];
            call.b = new float[0];
            call.c = new float[0];
        });
        allowed(Call::gemmBatched, call -> {
            call.batch = 0;
            call.c = call.a;
        });
        allowed(Call::gemm, call -> {
            call.k = 0;
            call.a = call.c;
            call.a0 = 7;
        });
        allowed(Call::gemm, call -> {
            call.n = 0;
            call.k = 0;
            call.c = new float[0];
        });
        refused(
                "gemm: a is 3x0 from 25 with rows 4 apart, which ends at 25; it must lie in the array of 24",
                Call::gemm,
                call -> {
                    call.k = 0;
                    call.a0 = 25;
                });
    }

    @Test
    void doublesAreCheckedAlike() {
        double[] c = {7, 7};
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> DoubleBlas.gemm(
                        false,
                        false,
                        1,
                        2,
                        2,
                        1,
                        new double[1],
                        0,
                        2,
                        new double[4],
                        0,
                        2,
                        0,
                        c,
                        0,
                        2,
                        ONE,
                        new Workspace()));
        assertEquals(
                "gemm: a is 1x2 from 0 with rows 2 apart, which ends at 2; it must lie in the array of 1",
                e.getMessage());
        assertArrayEquals(new double[] {7, 7}, c);
    }
}
