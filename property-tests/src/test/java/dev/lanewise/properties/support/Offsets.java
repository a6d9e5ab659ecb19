package dev.lanewise.properties.support;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** Where a tensor may start in its array, aligned or not: {@code @ForAll(supplier = Offsets.class) int offset}. */
public final class Offsets implements ArbitrarySupplier<Integer> {
    @Override
    public Arbitrary<Integer> get() {
        return Arbitraries.of(0, 1, 3, 16, 21);
    }
}
