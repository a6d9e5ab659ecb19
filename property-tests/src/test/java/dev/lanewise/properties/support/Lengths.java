package dev.lanewise.properties.support;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Tuple;

/**
 * Lengths of what element-wise kernels run over: {@link Sizes}, and lengths around those of chunks that are summed and of
 * tasks that are given to threads: {@code @ForAll(supplier = Lengths.class) int length}.
 */
public final class Lengths implements ArbitrarySupplier<Integer> {
    @Override
    public Arbitrary<Integer> get() {
        Arbitrary<Integer> large =
                Arbitraries.of(1023, 1024, 1025, 4095, 4096, 4097, 8193, 16383, 16384, 16385, 40_001);
        return Arbitraries.frequencyOf(Tuple.of(4, new Sizes().get()), Tuple.of(1, large));
    }
}
