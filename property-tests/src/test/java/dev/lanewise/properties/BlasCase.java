package dev.lanewise.properties;

import dev.lanewise.properties.support.Sizes;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * A product on arrays to try.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k length of the sums
 * @param transposes bit 0 transposes A, bit 1 B
 * @param alpha factor of the product
 * @param beta factor of C
 * @param gap what leading dimensions exceed the columns by, and where matrices start
 * @param seed of the values
 */
record BlasCase(int m, int n, int k, int transposes, float alpha, float beta, int gap, long seed) {
    /** Any product of moderate size, with the factors 0, 1, 0.7 and -1.3. */
    static final class Any implements ArbitrarySupplier<BlasCase> {
        @Override
        public Arbitrary<BlasCase> get() {
            Arbitrary<Integer> sizes = new Sizes().get();
            Arbitrary<Float> factors = Arbitraries.of(0f, 1f, 0.7f, -1.3f);
            return Combinators.combine(
                            sizes,
                            sizes,
                            sizes,
                            Arbitraries.integers().between(0, 3),
                            factors,
                            factors,
                            Arbitraries.integers().between(0, 3),
                            Arbitraries.longs())
                    .as(BlasCase::new)
                    .withoutEdgeCases();
        }
    }

    boolean transposeA() {
        return (transposes & 1) != 0;
    }

    boolean transposeB() {
        return (transposes & 2) != 0;
    }

    int lda() {
        return Math.max(1, transposeA() ? m : k) + gap;
    }

    int ldb() {
        return Math.max(1, transposeB() ? k : n) + gap;
    }

    int ldc() {
        return Math.max(1, n) + 2 * gap;
    }

    int sizeA() {
        return (transposeA() ? k : m) * lda() + gap;
    }

    int sizeB() {
        return (transposeB() ? n : k) * ldb() + gap;
    }

    int sizeC() {
        return m * ldc() + gap;
    }

    /** The arrays of a call; what lies between the rows of the matrices has values too, which must not matter. */
    Arrays3 arrays(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        return new Arrays3(values.apply(random, sizeA()), values.apply(random, sizeB()), values.apply(random, sizeC()));
    }

    /** With beta 0, C holds NaN, which must not survive; between its rows NaN stays. */
    BlasCase.Arrays3 withoutC(Arrays3 x) {
        if (beta == 0) {
            Arrays.fill(x.c(), Float.NaN);
        }
        return x;
    }

    /**
     * The arrays of a call.
     *
     * @param a holds A
     * @param b holds B
     * @param c holds C
     */
    record Arrays3(float[] a, float[] b, float[] c) {}
}
