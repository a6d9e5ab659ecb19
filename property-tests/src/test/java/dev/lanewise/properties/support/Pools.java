package dev.lanewise.properties.support;

import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** The threads of a property, 1 or 2: {@code @ForAll(supplier = Pools.class) Parallelism parallelism}. */
public final class Pools implements ArbitrarySupplier<Parallelism> {
    /** The calling thread alone. */
    public static final Parallelism ONE = Parallelism.serial();

    /** The calling thread and a helper; never closed, for its helper is a daemon. */
    public static final Parallelism TWO = Parallelism.of(2);

    @Override
    public Arbitrary<Parallelism> get() {
        return Arbitraries.of(ONE, TWO);
    }
}
