package dev.lanewise.properties;

import static dev.lanewise.properties.MatmulChecks.checkAdjoint;
import static dev.lanewise.properties.MatmulChecks.checkBits;
import static dev.lanewise.properties.MatmulChecks.checkExact;
import static dev.lanewise.properties.MatmulChecks.checkNotANumber;
import static dev.lanewise.properties.MatmulChecks.checkThreads;
import static dev.lanewise.properties.MatmulChecks.checkTruth;

import dev.lanewise.kernels.Activation;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The matrix product against its references. */
@Tag("widths")
class MatmulProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = MatmulCase.Any.class) MatmulCase product,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(MatmulChecks::real, product, Values::normal, parallelism);
    }

    @Property
    void carriesSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = MatmulCase.Any.class) MatmulCase product,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(MatmulChecks::real, product, Values::rarelySpecial, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkTruth(MatmulChecks::real, product.with(Activation.IDENTITY), Values::normal);
    }

    @Property
    void isExactOnSmallIntegers(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkExact(MatmulChecks::real, product.with(Activation.IDENTITY));
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkThreads(MatmulChecks::real, product);
    }

    @Property
    void gradientsAreAdjoint(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkAdjoint(MatmulChecks::real, product);
    }

    @Property
    void aNotANumberReachesItsRowOrColumnAlone(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkNotANumber(MatmulChecks::real, product.with(Activation.IDENTITY));
    }

    /** Sums longer than a tile takes at once, more rows and columns than a task computes. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneBlock() {
        for (int transposes = 0; transposes < 4; transposes++) {
            for (StartValue start : StartValue.values()) {
                MatmulCase deep = new MatmulCase(7, 69, 2051, transposes, start, Activation.TANH, 1, 5);
                checkBits(MatmulChecks::real, deep, Values::normal, Pools.TWO);
                MatmulCase wide = new MatmulCase(199, 261, 9, transposes, start, Activation.SIGMOID, 1, 5);
                checkBits(MatmulChecks::real, wide, Values::normal, Pools.TWO);
            }
        }
    }
}
