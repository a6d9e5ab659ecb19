package dev.lanewise.properties.support;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/**
 * Sizes at, below and above those of vectors (4, 8, 16), of the tile (6 rows, 64 columns) and of nothing at all, and
 * any others up to 200: {@code @ForAll(supplier = Sizes.class) int size}.
 */
public final class Sizes implements ArbitrarySupplier<Integer> {
    @Override
    public Arbitrary<Integer> get() {
        Arbitrary<Integer> edges =
                Arbitraries.of(0, 1, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129);
        return Arbitraries.oneOf(edges, Arbitraries.integers().between(0, 200));
    }
}
