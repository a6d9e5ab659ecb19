package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Scratch;
import dev.lanewise.properties.support.Sizes;
import dev.lanewise.properties.support.Tensors;
import dev.lanewise.reference.MatmulReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * A matrix product to try.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k length of the sums
 * @param transposes bit 0 transposes A, bit 1 B
 * @param start what the sums start from
 * @param activation applied to the result
 * @param offset where tensors start in their arrays
 * @param seed of the values
 */
record MatmulCase(int m, int n, int k, int transposes, StartValue start, Activation activation, int offset, long seed) {
    /** What the sums start from. */
    enum StartValue {
        ZERO,
        BIAS,
        TARGET
    }

    /** A matrix product: the real one, or one that is wrong on purpose. */
    @FunctionalInterface
    interface Kernel {
        /** Computes a product; {@code bias} is null where there is none. */
        void run(
                Matmul description,
                Tensor a,
                Tensor b,
                Tensor bias,
                Tensor c,
                Parallelism parallelism,
                Workspace workspace);
    }

    /** Any product of moderate size. */
    static final class Any implements ArbitrarySupplier<MatmulCase> {
        @Override
        public Arbitrary<MatmulCase> get() {
            return any(new Sizes().get());
        }
    }

    /** Any product of some sizes. */
    static Arbitrary<MatmulCase> any(Arbitrary<Integer> sizes) {
        return Combinators.combine(
                        sizes,
                        sizes,
                        sizes,
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(StartValue.class),
                        Arbitraries.of(Activation.class),
                        new Offsets().get(),
                        Arbitraries.longs())
                .as(MatmulCase::new)
                .withoutEdgeCases();
    }

    boolean transposeA() {
        return (transposes & 1) != 0;
    }

    boolean transposeB() {
        return (transposes & 2) != 0;
    }

    Matmul description() {
        Matmul product = transposeA() ? (transposeB() ? Matmul.TT : Matmul.TN) : (transposeB() ? Matmul.NT : Matmul.NN);
        product = product.with(activation);
        return start == StartValue.TARGET ? product.accumulating() : product;
    }

    MatmulReference reference() {
        return new MatmulReference(m, n, k, transposeA(), transposeB());
    }

    MatmulCase with(Activation f) {
        return new MatmulCase(m, n, k, transposes, start, f, offset, seed);
    }

    MatmulCase with(StartValue value) {
        return new MatmulCase(m, n, k, transposes, value, activation, offset, seed);
    }

    /** The arguments of a call. */
    Arguments arguments(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        Tensor a = transposeA()
                ? Tensors.of(offset, values.apply(random, m * k), k, m)
                : Tensors.of(offset, values.apply(random, m * k), m, k);
        Tensor b = transposeB()
                ? Tensors.of(offset + 1, values.apply(random, k * n), n, k)
                : Tensors.of(offset + 1, values.apply(random, k * n), k, n);
        Tensor bias = start == StartValue.BIAS ? Tensors.of(offset, values.apply(random, n), n) : null;
        Tensor c = start == StartValue.TARGET
                ? Tensors.of(offset, values.apply(random, m * n), m, n)
                : Tensors.empty(offset, m, n);
        return new Arguments(a, b, bias, c, startValues(bias, c));
    }

    private float[] startValues(Tensor bias, Tensor c) {
        if (this.start == StartValue.TARGET) {
            return c.toArray();
        }
        float[] start = new float[m * n];
        for (int i = 0; i < start.length && bias != null; i++) {
            start[i] = bias.get(i % n);
        }
        return start;
    }

    /**
     * The arguments of one call.
     *
     * @param a the left factor
     * @param b the right factor
     * @param bias the bias, or null
     * @param c the target
     * @param start what each sum starts from, as large as c
     */
    record Arguments(Tensor a, Tensor b, Tensor bias, Tensor c, float[] start) {
        /** Runs a kernel; fails if it writes anything but c, or leaves anything in the workspace. */
        float[] run(Kernel kernel, Matmul description, Parallelism parallelism) {
            float[] a0 = a.toArray();
            float[] b0 = b.toArray();
            Workspace workspace = Scratch.dirty();
            Workspace.Mark before = workspace.mark();
            kernel.run(description, a, b, bias, c, parallelism, workspace);
            if (!workspace.mark().equals(before)) {
                throw new AssertionError("scratch memory was not given back");
            }
            Tensors.assertGuards(a, b, c);
            if (!Arrays.equals(a0, a.toArray()) || !Arrays.equals(b0, b.toArray())) {
                throw new AssertionError("a factor was written");
            }
            return c.toArray();
        }
    }
}
