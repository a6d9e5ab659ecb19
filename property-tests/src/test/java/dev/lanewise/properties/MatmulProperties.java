package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.properties.MatmulCase.Arguments;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Epilogue;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.MatmulReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The matrix product against its references. */
@Tag("widths")
class MatmulProperties {
    private static final Parallelism THREE = Parallelism.of(3);

    /** Partly filled tiles in both directions, more than one block of columns, a product large enough for threads. */
    private static final MatmulCase LARGE = new MatmulCase(65, 131, 33, 0, StartValue.BIAS, Activation.RELU, 3, 17);

    private static final Kernel REAL = MatmulProperties::real;

    private static void real(
            Matmul description, Tensor a, Tensor b, Tensor bias, Tensor c, Parallelism threads, Workspace workspace) {
        if (bias == null) {
            description.run(a, b, c, threads, workspace);
        } else {
            description.run(a, b, bias, c, threads, workspace);
        }
    }

    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = MatmulCase.Any.class) MatmulCase product,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(REAL, product, Values::normal, parallelism);
    }

    @Property
    void carriesSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = MatmulCase.Any.class) MatmulCase product,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(REAL, product, MatmulProperties::rarelySpecial, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkTruth(REAL, product.with(Activation.IDENTITY), Values::normal);
    }

    @Property
    void isExactOnSmallIntegers(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkExact(REAL, product.with(Activation.IDENTITY));
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkThreads(REAL, product);
    }

    @Property
    void gradientsAreAdjoint(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkAdjoint(REAL, product);
    }

    @Property
    void aNotANumberReachesItsRowOrColumnAlone(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkNotANumber(REAL, product.with(Activation.IDENTITY));
    }

    /** Sums longer than a tile takes at once, more rows and columns than a task computes. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneBlock() {
        for (int transposes = 0; transposes < 4; transposes++) {
            for (StartValue start : StartValue.values()) {
                MatmulCase deep = new MatmulCase(7, 69, 2051, transposes, start, Activation.TANH, 1, 5);
                checkBits(REAL, deep, Values::normal, Pools.TWO);
                MatmulCase wide = new MatmulCase(199, 261, 9, transposes, start, Activation.SIGMOID, 1, 5);
                checkBits(REAL, wide, Values::normal, Pools.TWO);
            }
        }
    }

    @Example
    void catchesWrongBits() {
        Kernel descending = (d, a, b, bias, c, threads, workspace) -> sumDownwards(a, b, bias, c);
        assertCaught(() -> checkBits(descending, LARGE.with(Activation.IDENTITY), Values::normal, Pools.ONE));
        checkExact(descending, LARGE.with(Activation.IDENTITY));
        Kernel noActivation = (d, a, b, bias, c, threads, workspace) ->
                real(d.with(Activation.IDENTITY), a, b, bias, c, threads, workspace);
        assertCaught(() -> checkBits(noActivation, LARGE, Values::normal, Pools.ONE));
        Kernel noBias = (d, a, b, bias, c, threads, workspace) -> real(d, a, b, null, c, threads, workspace);
        assertCaught(() -> checkBits(noBias, LARGE, Values::normal, Pools.ONE));
        Kernel overwriting = (d, a, b, bias, c, threads, workspace) -> Matmul.NN.run(a, b, c, threads, workspace);
        MatmulCase accumulating = LARGE.with(StartValue.TARGET).with(Activation.IDENTITY);
        assertCaught(() -> checkBits(overwriting, accumulating, Values::normal, Pools.ONE));
    }

    @Example
    void catchesALostColumnOrRow() {
        for (boolean column : new boolean[] {true, false}) {
            Kernel lossy = (d, a, b, bias, c, threads, workspace) -> {
                real(d, a, b, bias, c, threads, workspace);
                int rows = c.shape().extent(0);
                int columns = c.shape().extent(1);
                for (int i = 0; i < (column ? rows : columns); i++) {
                    c.set(0, column ? i : rows - 1, column ? columns - 1 : i);
                }
            };
            MatmulCase plain = LARGE.with(Activation.IDENTITY);
            assertCaught(() -> checkBits(lossy, plain, Values::normal, Pools.ONE));
            assertCaught(() -> checkTruth(lossy, plain, Values::normal));
            assertCaught(() -> checkExact(lossy, plain));
            assertCaught(() -> checkAdjoint(lossy, plain));
        }
    }

    @Example
    void catchesAnErrorOfAFewTenThousandths() {
        Kernel imprecise = (d, a, b, bias, c, threads, workspace) -> {
            real(d, a, b, bias, c, threads, workspace);
            int middle = c.offset() + c.size() / 2;
            c.array()[middle] += 2e-4f;
        };
        assertCaught(() -> checkTruth(imprecise, LARGE.with(Activation.IDENTITY), Values::normal));
    }

    @Example
    void catchesWritesOutsideTheTarget() {
        for (boolean before : new boolean[] {true, false}) {
            Kernel careless = (d, a, b, bias, c, threads, workspace) -> {
                real(d, a, b, bias, c, threads, workspace);
                c.array()[before ? c.offset() - 1 : c.offset() + c.size()] = 0;
            };
            assertCaught(() -> checkBits(careless, LARGE, Values::normal, Pools.ONE));
        }
    }

    @Example
    void catchesBitsThatDependOnTheThreads() {
        Kernel splitting = (d, a, b, bias, c, threads, workspace) -> {
            if (threads.threads() == 1) {
                real(d, a, b, bias, c, threads, workspace);
            } else {
                sumDownwards(a, b, bias, c);
            }
        };
        assertCaught(() -> checkThreads(splitting, LARGE.with(Activation.IDENTITY)));
    }

    @Example
    void catchesASkippedZero() {
        // Skipping the zeros of a sparse factor looks harmless, and loses 0 * infinity.
        Kernel sparse = (d, a, b, bias, c, threads, workspace) -> {
            Tensor clean = Tensor.of(b.toArray(), b.shape().toArray());
            for (int i = 0; i < clean.size(); i++) {
                if (!Float.isFinite(clean.array()[i])) {
                    clean.array()[i] = 0;
                }
            }
            real(d, a, clean, bias, c, threads, workspace);
        };
        assertCaught(() -> checkNotANumber(sparse, LARGE.with(Activation.IDENTITY)));
        assertCaught(() -> checkBits(sparse, LARGE, MatmulProperties::rarelySpecial, Pools.ONE));
    }

    static void checkBits(
            Kernel kernel, MatmulCase product, BiFunction<Random, Integer, float[]> values, Parallelism parallelism) {
        Arguments x = product.arguments(values);
        float[] chains = product.reference().product(x.a().toArray(), x.b().toArray(), x.start());
        float[] expected = Epilogue.apply(product.activation(), chains);
        Bits.assertSame("c", expected, x.run(kernel, product.description(), parallelism));
    }

    static void checkTruth(Kernel kernel, MatmulCase product, BiFunction<Random, Integer, float[]> values) {
        Arguments x = product.arguments(values);
        float[] a = x.a().toArray();
        float[] b = x.b().toArray();
        MatmulReference reference = product.reference();
        double[] truth = reference.product(Values.widen(a), Values.widen(b), Values.widen(x.start()));
        double[] magnitudes =
                reference.product(Rounding.magnitudes(a), Rounding.magnitudes(b), Rounding.magnitudes(x.start()));
        float[] actual = x.run(kernel, product.description(), Pools.TWO);
        Bits.assertWithin("c", truth, actual, Rounding.bounds(magnitudes, product.k()));
    }

    static void checkExact(Kernel kernel, MatmulCase product) {
        Arguments x = product.arguments(Values::integers);
        double[] truth = product.reference()
                .product(Values.widen(x.a().toArray()), Values.widen(x.b().toArray()), Values.widen(x.start()));
        float[] actual = x.run(kernel, product.description(), Pools.TWO);
        Bits.assertWithin("c", truth, actual, new double[truth.length]);
    }

    static void checkThreads(Kernel kernel, MatmulCase product) {
        float[] one = product.arguments(Values::normal).run(kernel, product.description(), Pools.ONE);
        for (Parallelism threads : new Parallelism[] {Pools.TWO, THREE}) {
            float[] more = product.arguments(Values::normal).run(kernel, product.description(), threads);
            Bits.assertSame(threads.threads() + " threads: c", one, more);
        }
    }

    /** The gradients of {@code C = A B} are {@code G B^T} and {@code A^T G}: G . (A B) = (G B^T) . A = (A^T G) . B. */
    static void checkAdjoint(Kernel kernel, MatmulCase sizes) {
        Random random = new Random(sizes.seed());
        int m = sizes.m();
        int n = sizes.n();
        int k = sizes.k();
        Tensor a = Tensor.of(Values.integers(random, m * k), m, k);
        Tensor b = Tensor.of(Values.integers(random, k * n), k, n);
        Tensor g = Tensor.of(Values.integers(random, m * n), m, n);
        double forward = dot(g, product(kernel, Matmul.NN, a, b, m, n));
        double left = dot(a, product(kernel, Matmul.NT, g, b, m, k));
        double right = dot(b, product(kernel, Matmul.TN, a, g, k, n));
        // Integers: every sum is exact.
        assertEquals(forward, left);
        assertEquals(forward, right);
    }

    private static Tensor product(Kernel kernel, Matmul description, Tensor a, Tensor b, int rows, int columns) {
        Tensor c = Tensor.zeros(rows, columns);
        kernel.run(description, a, b, null, c, Pools.TWO, new Workspace());
        return c;
    }

    private static double dot(Tensor x, Tensor y) {
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            sum += (double) x.array()[x.offset() + i] * y.array()[y.offset() + i];
        }
        return sum;
    }

    /** A NaN in A makes its row of C NaN, an infinity in B its column where it meets a 0; the rest keeps its bits. */
    static void checkNotANumber(Kernel kernel, MatmulCase product) {
        if (product.m() == 0 || product.n() == 0 || product.k() == 0) {
            return;
        }
        Random random = new Random(product.seed());
        int row = random.nextInt(product.m());
        int column = random.nextInt(product.n());
        int step = random.nextInt(product.k());
        float[] clean = product.arguments(Values::normal).run(kernel, product.description(), Pools.TWO);
        Arguments dirty = product.arguments(Values::normal);
        set(dirty.a(), product.transposeA(), Float.NaN, row, step);
        float[] actual = dirty.run(kernel, product.description(), Pools.TWO);
        for (int i = 0; i < clean.length; i++) {
            Bits.assertSame(i / product.n() == row ? Float.NaN : clean[i], actual[i]);
        }
        Arguments infinite = product.arguments(MatmulProperties::ones);
        for (int i = 0; i < product.m(); i++) {
            set(infinite.a(), product.transposeA(), 0, i, step);
        }
        set(infinite.b(), product.transposeB(), Float.POSITIVE_INFINITY, step, column);
        actual = infinite.run(kernel, product.description(), Pools.TWO);
        for (int i = 0; i < clean.length; i++) {
            boolean isNan = i % product.n() == column;
            Bits.assertSame(isNan ? Float.NaN : product.k() - 1 + infinite.start()[i], actual[i]);
        }
    }

    private static void set(Tensor matrix, boolean transposed, float value, int row, int column) {
        matrix.set(value, transposed ? column : row, transposed ? row : column);
    }

    private static float[] ones(Random random, int size) {
        float[] values = new float[size];
        Arrays.fill(values, 1);
        return values;
    }

    /** Normal values with a special one here and there: were there more, nearly every sum would be NaN. */
    private static float[] rarelySpecial(Random random, int size) {
        float[] values = Values.normal(random, size);
        float[] special = Values.special();
        for (int i = random.nextInt(100); i < size; i += 1 + random.nextInt(200)) {
            values[i] = special[random.nextInt(special.length)];
        }
        return values;
    }

    private static void sumDownwards(Tensor a, Tensor b, Tensor bias, Tensor c) {
        for (int i = 0; i < c.shape().extent(0); i++) {
            for (int j = 0; j < c.shape().extent(1); j++) {
                float sum = bias.get(j);
                for (int p = a.shape().extent(1) - 1; p >= 0; p--) {
                    sum = Math.fma(a.get(i, p), b.get(p, j), sum);
                }
                c.set(sum, i, j);
            }
        }
    }
}
