package dev.lanewise.properties;

import static dev.lanewise.properties.MatmulChecks.checkAdjoint;
import static dev.lanewise.properties.MatmulChecks.checkBits;
import static dev.lanewise.properties.MatmulChecks.checkExact;
import static dev.lanewise.properties.MatmulChecks.checkNotANumber;
import static dev.lanewise.properties.MatmulChecks.checkThreads;
import static dev.lanewise.properties.MatmulChecks.checkTruth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.properties.MatmulCase.Arguments;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
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

    /** Each element is rounded once more when the residual is added, and only then is the activation applied. */
    @Property
    void addsAResidualBeforeTheActivation(
            @ForAll(supplier = MatmulCase.Any.class) MatmulCase product,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        Tensor residual = Tensor.of(
                Values.normal(new Random(product.seed() + 1), product.m() * product.n()), product.m(), product.n());
        Arguments plain = product.arguments(Values::normal);
        float[] sums =
                product.reference().product(plain.a().toArray(), plain.b().toArray(), plain.start());
        for (int i = 0; i < sums.length; i++) {
            sums[i] += residual.get(i / product.n(), i % product.n());
        }
        float[] expected = ActivationsReference.forward(product.activation(), sums);
        float[] actual = plain.run(MatmulChecks::real, product.description().plus(residual), parallelism);
        Bits.assertSame("c", expected, actual);
    }

    @Example
    void aResidualThatDoesNotFitIsRefused() {
        Tensor c = Tensor.zeros(2, 3);
        assertEquals("matmul: the residual is 3x2, c is 2x3; they must be alike", refused(Tensor.zeros(3, 2), c));
        assertEquals("matmul: c overlaps the residual; the result needs elements of its own", refused(c, c));
    }

    private static String refused(Tensor residual, Tensor c) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> Matmul.NN
                                .plus(residual)
                                .run(Tensor.zeros(2, 4), Tensor.zeros(4, 3), c, Parallelism.serial(), new Workspace()))
                .getMessage();
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
                MatmulCase shortSums = new MatmulCase(77, 531, 13, transposes, start, Activation.TANH, 1, 5);
                checkBits(MatmulChecks::real, shortSums, Values::normal, Pools.TWO);
                MatmulCase longRows = new MatmulCase(77, 531, 31, transposes, start, Activation.TANH, 1, 5);
                checkBits(MatmulChecks::real, longRows, Values::normal, Pools.TWO);
                for (int few = 1; few <= 7; few++) {
                    MatmulCase fewRows = new MatmulCase(few, 1781, 303, transposes, start, Activation.TANH, 1, 5);
                    checkBits(MatmulChecks::real, fewRows, Values::normal, Parallelism.serial());
                    checkBits(MatmulChecks::real, fewRows, Values::normal, Pools.TWO);
                }
                MatmulCase asTranspose = new MatmulCase(31, 517, 261, transposes, start, Activation.TANH, 1, 5);
                checkBits(MatmulChecks::real, asTranspose, Values::normal, Pools.TWO);
            }
        }
    }
}
