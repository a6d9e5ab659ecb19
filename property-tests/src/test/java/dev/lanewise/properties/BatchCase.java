package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.properties.MatmulCase.Arguments;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Tensors;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.MatmulReference;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * Products on tensors to try: one or a batch, with alpha, beta and a residual.
 *
 * @param product one of them; where its start value is the target, that is beta C
 * @param factors which factors are batches
 * @param batch how many products, if a factor is a batch
 * @param alpha factor of the products
 * @param beta factor of C
 * @param hasResidual whether a residual is added
 */
record BatchCase(MatmulCase product, Factors factors, int batch, float alpha, float beta, boolean hasResidual) {
    /** Which factors are batches. */
    enum Factors {
        NO_BATCH,
        BATCHES,
        ONE_A,
        ONE_B
    }

    /** Any products of moderate size, with the factors 0, 1, 0.7 and -1.3. */
    static final class Any implements ArbitrarySupplier<BatchCase> {
        @Override
        public Arbitrary<BatchCase> get() {
            Arbitrary<Integer> edges = Arbitraries.of(0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65);
            Arbitrary<Integer> sizes =
                    Arbitraries.oneOf(edges, Arbitraries.integers().between(0, 80));
            Arbitrary<Float> scales = Arbitraries.of(0f, 1f, 0.7f, -1.3f);
            return Combinators.combine(
                            MatmulCase.any(sizes),
                            Arbitraries.of(Factors.class),
                            Arbitraries.integers().between(0, 4),
                            scales,
                            scales,
                            Arbitraries.of(true, false))
                    .as(BatchCase::new)
                    .withoutEdgeCases();
        }
    }

    /** The same without what is done when the sums are complete. */
    BatchCase plain() {
        return new BatchCase(product.with(Activation.IDENTITY), factors, batch, alpha, beta, false);
    }

    BatchCase with(float otherAlpha, float otherBeta) {
        return new BatchCase(product, factors, batch, otherAlpha, otherBeta, hasResidual);
    }

    BatchCase with(StartValue start) {
        return new BatchCase(product.with(start), factors, batch, alpha, beta, hasResidual);
    }

    BatchCase with(Factors others) {
        return new BatchCase(product, others, batch, alpha, beta, hasResidual);
    }

    int count() {
        return factors == Factors.NO_BATCH ? 1 : batch;
    }

    boolean isBatchA() {
        return factors == Factors.BATCHES || factors == Factors.ONE_B;
    }

    boolean isBatchB() {
        return factors == Factors.BATCHES || factors == Factors.ONE_A;
    }

    /** What C is multiplied by: nothing of it is read where the sums start from something else. */
    float factorOfC() {
        return product.start() == StartValue.TARGET ? beta : 0;
    }

    Matmul description() {
        Matmul description = product.description().withAlpha(alpha).withBeta(factorOfC());
        return hasResidual ? description.plus(Tensor.of(residual(), shapeOfC())) : description;
    }

    /** R, or zeros. */
    float[] residual() {
        float[] r = new float[Shape.of(shapeOfC()).size()];
        Random random = new Random(product.seed() + 1);
        for (int i = 0; i < r.length && hasResidual; i++) {
            r[i] = random.nextInt(7) - 3;
        }
        return r;
    }

    private int[] shapeOfC() {
        return shape(factors != Factors.NO_BATCH, product.m(), product.n(), false);
    }

    private int[] shape(boolean isBatch, int rows, int columns, boolean transposed) {
        int first = transposed ? columns : rows;
        int last = transposed ? rows : columns;
        return isBatch ? new int[] {batch, first, last} : new int[] {first, last};
    }

    /** The arguments of a call; where C is not read, it holds NaN. */
    Arguments arguments(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(product.seed());
        int offset = product.offset();
        Tensor a = tensor(values, random, shape(isBatchA(), product.m(), product.k(), product.transposeA()));
        Tensor b = tensor(values, random, shape(isBatchB(), product.k(), product.n(), product.transposeB()));
        Tensor bias = product.start() == StartValue.BIAS ? tensor(values, random, product.n()) : null;
        Tensor c = factorOfC() == 0 ? Tensors.empty(offset, shapeOfC()) : tensor(values, random, shapeOfC());
        float[] start = MatmulReference.scaled(factorOfC(), c.toArray());
        for (int i = 0; i < start.length && bias != null; i++) {
            start[i] = bias.get(i % product.n());
        }
        return new Arguments(a, b, bias, c, start);
    }

    private Tensor tensor(BiFunction<Random, Integer, float[]> values, Random random, int... extents) {
        return Tensors.of(
                product.offset(), values.apply(random, Shape.of(extents).size()), extents);
    }

    /** The bits that C must have. */
    float[] expected(Arguments x) {
        float[] c = product.reference().products(count(), alpha, x.a().toArray(), x.b().toArray(), x.start());
        float[] r = residual();
        for (int i = 0; i < c.length && hasResidual; i++) {
            c[i] += r[i];
        }
        return ActivationsReference.forward(product.activation(), c);
    }
}
