package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.kernels.DoubleBlas;
import dev.lanewise.kernels.FloatBlas;
import dev.lanewise.properties.BlasCase.Arrays3;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Scratch;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.DoubleBlasReference;
import dev.lanewise.reference.FloatBlasReference;
import dev.lanewise.runtime.Parallelism;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The products on plain arrays against their references. */
@Tag("widths")
class BlasProperties {
    /** A product: the real one, or one that is wrong on purpose. */
    @FunctionalInterface
    private interface Product {
        float[] of(BlasCase x, Arrays3 arrays, Parallelism parallelism);
    }

    private static float[] real(BlasCase x, Arrays3 arrays, Parallelism parallelism) {
        FloatBlas.gemm(
                x.transposeA(),
                x.transposeB(),
                x.m(),
                x.n(),
                x.k(),
                x.alpha(),
                arrays.a(),
                x.gap(),
                x.lda(),
                arrays.b(),
                x.gap(),
                x.ldb(),
                x.beta(),
                arrays.c(),
                x.gap(),
                x.ldc(),
                parallelism,
                Scratch.dirty());
        return arrays.c();
    }

    private static float[] reference(BlasCase x, Arrays3 arrays) {
        FloatBlasReference.gemm(
                x.transposeA(),
                x.transposeB(),
                x.m(),
                x.n(),
                x.k(),
                x.alpha(),
                arrays.a(),
                x.gap(),
                x.lda(),
                arrays.b(),
                x.gap(),
                x.ldb(),
                x.beta(),
                arrays.c(),
                x.gap(),
                x.ldc());
        return arrays.c();
    }

    private static double[] truth(BlasCase x, double alpha, double beta, double[] a, double[] b, double[] c) {
        DoubleBlasReference.gemm(
                x.transposeA(),
                x.transposeB(),
                x.m(),
                x.n(),
                x.k(),
                alpha,
                a,
                x.gap(),
                x.lda(),
                b,
                x.gap(),
                x.ldb(),
                beta,
                c,
                x.gap(),
                x.ldc());
        return c;
    }

    /** Compares the whole array of C, so that what lies between its rows is seen to be untouched. */
    private static void checkBits(
            Product product, BlasCase x, BiFunction<Random, Integer, float[]> values, Parallelism parallelism) {
        float[] expected = reference(x, x.withoutC(x.arrays(values)));
        Bits.assertSame("c", expected, product.of(x, x.withoutC(x.arrays(values)), parallelism));
    }

    private static void checkTruth(Product product, BlasCase x) {
        Arrays3 arrays = x.arrays(Values::normal);
        double[] truth = truth(
                x, x.alpha(), x.beta(), Values.widen(arrays.a()), Values.widen(arrays.b()), Values.widen(arrays.c()));
        double[] magnitudes = truth(
                x,
                Math.abs(x.alpha()),
                Math.abs(x.beta()),
                Rounding.magnitudes(arrays.a()),
                Rounding.magnitudes(arrays.b()),
                Rounding.magnitudes(arrays.c()));
        // Scaling B and C rounds once more each.
        double[] bounds = Rounding.bounds(magnitudes, x.k() + 2);
        Bits.assertWithin("c", truth, product.of(x, arrays, Pools.TWO), bounds);
    }

    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = BlasCase.Any.class) BlasCase x,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(BlasProperties::real, x, Values::normal, parallelism);
    }

    @Property
    void carriesSpecialValuesAsTheReferenceDoes(@ForAll(supplier = BlasCase.Any.class) BlasCase x) {
        checkBits(BlasProperties::real, x, Values::rarelySpecial, Pools.TWO);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = BlasCase.Any.class) BlasCase x) {
        checkTruth(BlasProperties::real, x);
    }

    @Property
    void isExactOnSmallIntegers(@ForAll(supplier = BlasCase.Any.class) BlasCase any) {
        float beta = any.beta() == 0.7f ? -1 : any.beta() == -1.3f ? 2 : any.beta();
        float alpha = any.alpha() == 0.7f ? -2 : any.alpha() == -1.3f ? 3 : any.alpha();
        BlasCase x = new BlasCase(any.m(), any.n(), any.k(), any.transposes(), alpha, beta, any.gap(), any.seed());
        Arrays3 arrays = x.arrays(Values::integers);
        double[] truth =
                truth(x, alpha, beta, Values.widen(arrays.a()), Values.widen(arrays.b()), Values.widen(arrays.c()));
        Bits.assertWithin("c", truth, real(x, arrays, Pools.TWO), new double[truth.length]);
    }

    @Example
    void givesTheBitsOfTheReferenceBeyondOneBlock() {
        for (int transposes = 0; transposes < 4; transposes++) {
            for (float beta : new float[] {0, 1, 0.7f}) {
                checkBits(
                        BlasProperties::real,
                        new BlasCase(70, 333, 1030, transposes, -1.3f, beta, 1, 7),
                        Values::normal,
                        Pools.TWO);
            }
        }
    }

    /** Sizes for which both factors are copied: around its blocks of rows, its panels and its steps. */
    @Example
    void givesTheBitsOfTheReferenceWithBothFactorsCopied() {
        for (int[] size :
                new int[][] {{384, 384, 192}, {393, 397, 531}, {513, 431, 257}, {385, 4129, 193}, {13, 1029, 193}}) {
            // Of more columns than are packed at once neither factor is transposed, or both are: the reference takes
            // its time.
            for (int transposes = 0; transposes < 4; transposes += size[1] > 4096 ? 3 : 1) {
                BlasCase x = new BlasCase(size[0], size[1], size[2], transposes, 0.7f, transposes == 0 ? 0 : 1, 1, 7);
                checkBits(BlasProperties::real, x, Values::normal, x.m() == 393 || x.m() == 13 ? Pools.TWO : Pools.ONE);
            }
        }
        checkBits(BlasProperties::real, new BlasCase(393, 97, 531, 1, 1, 1, 1, 7), Values::normal, Pools.TWO);
        checkDoubles(new BlasCase(393, 397, 531, 2, 0.7f, 1, 1, 7), Pools.ONE);
        BlasCase special = new BlasCase(393, 397, 531, 0, 1, 1, 0, 7);
        checkBits(BlasProperties::real, special, Values::rarelySpecial, Pools.ONE);
    }

    /** A row, a column, and a single number, of sums that are short or not. */
    @Example
    void givesTheBitsOfTheReferenceForVectors() {
        for (int transposes = 0; transposes < 4; transposes++) {
            for (int k : new int[] {15, 16, 31, 32, 33, 100}) {
                for (int[] size : new int[][] {{1, 1}, {1, 37}, {37, 1}}) {
                    BlasCase x = new BlasCase(size[0], size[1], k, transposes, 0.7f, -1.3f, 1, 7);
                    checkBits(BlasProperties::real, x, Values::normal, Pools.TWO);
                }
            }
        }
    }

    /** Around a vector of columns, a tile of rows, and the steps that are taken at once. */
    @Example
    void givesTheBitsOfTheReferenceOnFewColumns() {
        for (int n : new int[] {2, 3, 4, 5, 8, 13, 15, 16, 17}) {
            for (int m : new int[] {1, 7, 8, 9, 34}) {
                for (int k : new int[] {1, 8, 24, 25, 257, 520}) {
                    for (int transposes = 0; transposes < 4; transposes++) {
                        checkWithAndWithoutStart(m, n, k, transposes);
                    }
                }
            }
        }
    }

    /** Each number of steps that has a tile of its own, around its rows, a vector of columns, and what is taken at once. */
    @Example
    void givesTheBitsOfTheReferenceInFewSteps() {
        for (int k = 0; k <= 8; k++) {
            for (int m : new int[] {32, 33, 35, 38}) {
                for (int n : new int[] {33, 65, 79, 80, 81}) {
                    for (int transposes = 0; transposes < 4; transposes++) {
                        checkWithAndWithoutStart(m, n, k, transposes);
                    }
                }
            }
            checkWithAndWithoutStart(34, 4099, k, k % 4);
            checkDoubles(new BlasCase(34, 2051, k, k % 4, 0.7f, -1.3f, 1, 7), Pools.TWO);
        }
    }

    /** With 16 registers, around the steps, rows and columns for which both factors of a product with short sums are copied, whole tiles or not. */
    @Example
    void givesTheBitsOfTheReferenceOfShortSumsAndLongRows() {
        for (int k : new int[] {5, 6, 24, 25}) {
            for (int[] size : new int[][] {{23, 384}, {24, 383}, {29, 389}, {126, 420}, {131, 97}}) {
                for (int transposes = 0; transposes < 4; transposes++) {
                    checkWithAndWithoutStart(size[0], size[1], k, transposes);
                }
            }
            BlasCase scaled = new BlasCase(24, 4129, k, k % 4, 0.7f, -1.3f, 1, 7);
            checkBits(BlasProperties::real, scaled, Values::normal, Pools.TWO);
            checkDoubles(new BlasCase(126, 420, k, k % 4, 0.7f, -1.3f, 1, 7), Pools.TWO);
        }
    }

    /** Rows that fill vectors, and a transposed B so large that the transpose of the product is computed instead. */
    @Example
    void givesTheBitsOfTheReferenceOfAProductComputedAsItsTranspose() {
        for (int m : new int[] {4, 7, 8, 13, 16, 17, 31, 32}) {
            for (int[] size : new int[][] {{129, 129}, {261, 257}, {70, 1031}, {1031, 70}}) {
                checkWithAndWithoutStart(m, size[0], size[1], 2);
                checkWithAndWithoutStart(m, size[0], size[1], 3);
            }
            checkDoubles(new BlasCase(m, 261, 257, 2, 1, 0.7f, 1, 7), Pools.TWO);
        }
    }

    /** Rows of sums that follow each other or not, and more columns than are taken at a time. */
    @Example
    void givesTheBitsOfTheReferenceOfFewRowsAndAWideFactor() {
        for (int m = 1; m <= 7; m++) {
            for (int transposes = 0; transposes < 2; transposes++) {
                checkWithAndWithoutStart(m, 8999, 37, transposes);
                checkDoubles(new BlasCase(m, 1781, 303, transposes, 1, 1, 1, 7), Pools.TWO);
            }
        }
    }

    private static void checkWithAndWithoutStart(int m, int n, int k, int transposes) {
        for (float beta : new float[] {0, 1}) {
            for (int gap = 0; gap < 2; gap++) {
                BlasCase x = new BlasCase(m, n, k, transposes, 1, beta, gap, 31 * k + n);
                checkBits(BlasProperties::real, x, Values::normal, Pools.TWO);
                checkBits(BlasProperties::real, x, Values::rarelySpecial, Pools.ONE);
            }
        }
    }

    @Example
    void wrongProductsAreCaught() {
        BlasCase x = new BlasCase(33, 35, 19, 0, 0.7f, -1.3f, 2, 5);
        Product noAlpha = (y, arrays, threads) ->
                real(new BlasCase(y.m(), y.n(), y.k(), 0, 1, y.beta(), y.gap(), y.seed()), arrays, threads);
        Product noBeta = (y, arrays, threads) ->
                real(new BlasCase(y.m(), y.n(), y.k(), 0, y.alpha(), 1, y.gap(), y.seed()), arrays, threads);
        Product careless = (y, arrays, threads) -> {
            float[] c = real(y, arrays, threads);
            c[y.gap() + y.n()]++;
            return c;
        };
        for (Product wrong : new Product[] {noAlpha, noBeta, careless}) {
            assertCaught(() -> checkBits(wrong, x, Values::normal, Pools.ONE));
        }
        assertCaught(() -> checkTruth(noAlpha, x));
        assertCaught(() -> checkTruth(noBeta, x));
        Product readsC = (y, arrays, threads) ->
                real(new BlasCase(y.m(), y.n(), y.k(), 0, y.alpha(), 1, y.gap(), y.seed()), arrays, threads);
        BlasCase zero = new BlasCase(33, 35, 19, 0, 1, 0, 0, 5);
        assertCaught(() -> checkBits(readsC, zero, Values::normal, Pools.ONE));
    }

    @Property
    void aBatchIsItsProductsOneByOne(@ForAll(supplier = BlasCase.Any.class) BlasCase x) {
        int batch = 3;
        Random random = new Random(x.seed());
        float[] a = Values.normal(random, batch * x.sizeA());
        float[] b = Values.normal(random, batch * x.sizeB());
        float[] c = Values.normal(random, batch * x.sizeC());
        float[] expected = c.clone();
        for (int q = 0; q < batch; q++) {
            FloatBlasReference.gemm(
                    x.transposeA(),
                    x.transposeB(),
                    x.m(),
                    x.n(),
                    x.k(),
                    x.alpha(),
                    a,
                    x.gap() + q * x.sizeA(),
                    x.lda(),
                    b,
                    x.gap(),
                    x.ldb(),
                    x.beta(),
                    expected,
                    x.gap() + q * x.sizeC(),
                    x.ldc());
        }
        FloatBlas.gemmBatched(
                x.transposeA(),
                x.transposeB(),
                x.m(),
                x.n(),
                x.k(),
                x.alpha(),
                a,
                x.gap(),
                x.lda(),
                x.sizeA(),
                b,
                x.gap(),
                x.ldb(),
                0,
                x.beta(),
                c,
                x.gap(),
                x.ldc(),
                x.sizeC(),
                batch,
                Pools.TWO,
                Scratch.dirty());
        Bits.assertSame("c", expected, c);
    }

    @Property
    void matrixTimesVectorGivesTheBitsOfTheReference(@ForAll(supplier = BlasCase.Any.class) BlasCase x) {
        Random random = new Random(x.seed());
        int lda = Math.max(1, x.n()) + x.gap();
        float[] a = Values.normal(random, x.m() * lda + x.gap());
        for (boolean transpose : new boolean[] {false, true}) {
            float[] v = Values.normal(random, (transpose ? x.m() : x.n()) + x.gap());
            float[] y = Values.normal(random, (transpose ? x.n() : x.m()) + 2 * x.gap());
            float[] expected = y.clone();
            FloatBlasReference.gemv(
                    transpose, x.m(), x.n(), x.alpha(), a, x.gap(), lda, v, x.gap(), x.beta(), expected, x.gap());
            FloatBlas.gemv(
                    transpose,
                    x.m(),
                    x.n(),
                    x.alpha(),
                    a,
                    x.gap(),
                    lda,
                    v,
                    x.gap(),
                    x.beta(),
                    y,
                    x.gap(),
                    Pools.TWO,
                    Scratch.dirty());
            Bits.assertSame("y", expected, y);
        }
    }

    @Property
    void doublesGiveTheBitsOfTheirReference(@ForAll(supplier = BlasCase.Any.class) BlasCase x) {
        checkDoubles(x, Pools.TWO);
        checkDoubleVectors(x);
    }

    private static void checkDoubles(BlasCase x, Parallelism parallelism) {
        Arrays3 arrays = x.arrays(Values::normal);
        double[] a = Values.widen(arrays.a());
        double[] b = Values.widen(arrays.b());
        // Products of widened floats are exact; thirds are not.
        Arrays.setAll(a, i -> a[i] / 3);
        double[] c = Values.widen(arrays.c());
        double[] expected = truth(x, x.alpha(), x.beta(), a, b, c.clone());
        DoubleBlas.gemm(
                x.transposeA(),
                x.transposeB(),
                x.m(),
                x.n(),
                x.k(),
                x.alpha(),
                a,
                x.gap(),
                x.lda(),
                b,
                x.gap(),
                x.ldb(),
                x.beta(),
                c,
                x.gap(),
                x.ldc(),
                parallelism,
                Scratch.dirty());
        assertArrayEquals(expected, c);
    }

    private static void checkDoubleVectors(BlasCase x) {
        Random random = new Random(x.seed());
        int lda = Math.max(1, x.n());
        double[] matrix = random.doubles(x.m() * lda).toArray();
        for (boolean transpose : new boolean[] {false, true}) {
            double[] v = random.doubles(transpose ? x.m() : x.n()).toArray();
            double[] y = new double[transpose ? x.n() : x.m()];
            double[] wanted = y.clone();
            DoubleBlasReference.gemv(transpose, x.m(), x.n(), x.alpha(), matrix, 0, lda, v, 0, x.beta(), wanted, 0);
            DoubleBlas.gemv(
                    transpose,
                    x.m(),
                    x.n(),
                    x.alpha(),
                    matrix,
                    0,
                    lda,
                    v,
                    0,
                    x.beta(),
                    y,
                    0,
                    Pools.TWO,
                    Scratch.dirty());
            assertArrayEquals(wanted, y);
        }
    }
}
