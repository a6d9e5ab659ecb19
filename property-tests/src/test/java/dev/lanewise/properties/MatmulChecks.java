package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Matmul;
import dev.lanewise.properties.MatmulCase.Arguments;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.MatmulReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What is demanded of a matrix product. */
final class MatmulChecks {
    private static final Parallelism THREE = Parallelism.of(3);

    private MatmulChecks() {}

    /** The real product. */
    static void real(
            Matmul description, Tensor a, Tensor b, Tensor bias, Tensor c, Parallelism threads, Workspace workspace) {
        if (bias == null) {
            description.run(a, b, c, threads, workspace);
        } else {
            description.run(a, b, bias, c, threads, workspace);
        }
    }

    static void checkBits(
            Kernel kernel, MatmulCase product, BiFunction<Random, Integer, float[]> values, Parallelism parallelism) {
        Arguments x = product.arguments(values);
        float[] chains = product.reference().product(x.a().toArray(), x.b().toArray(), x.start());
        float[] expected = ActivationsReference.forward(product.activation(), chains);
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
        checkThreads(threads -> product.arguments(Values::normal).run(kernel, product.description(), threads));
    }

    /** One, two and three threads must give the same bits. */
    static void checkThreads(Function<Parallelism, float[]> product) {
        float[] one = product.apply(Pools.ONE);
        for (Parallelism threads : new Parallelism[] {Pools.TWO, THREE}) {
            Bits.assertSame(threads.threads() + " threads: c", one, product.apply(threads));
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
        Arguments infinite = product.arguments(MatmulChecks::ones);
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
}
