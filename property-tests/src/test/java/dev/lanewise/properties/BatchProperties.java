package dev.lanewise.properties;

import static dev.lanewise.properties.BatchChecks.checkBits;
import static dev.lanewise.properties.BatchChecks.checkExact;
import static dev.lanewise.properties.BatchChecks.checkNotANumber;
import static dev.lanewise.properties.BatchChecks.checkThreads;
import static dev.lanewise.properties.BatchChecks.checkTruth;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.FloatBlas;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.kernels.PackedMatrix;
import dev.lanewise.properties.BatchCase.Factors;
import dev.lanewise.properties.MatmulCase.Arguments;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Scratch;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Batches, and products with alpha and beta, against their references. */
@Tag("widths")
class BatchProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = BatchCase.Any.class) BatchCase x,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(MatmulChecks::real, x, Values::normal, parallelism);
    }

    @Property
    void carriesSpecialValuesAsTheReferenceDoes(@ForAll(supplier = BatchCase.Any.class) BatchCase x) {
        checkBits(MatmulChecks::real, x, Values::rarelySpecial, Pools.TWO);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = BatchCase.Any.class) BatchCase x) {
        checkTruth(MatmulChecks::real, x);
    }

    @Property
    void isExactOnSmallIntegers(@ForAll(supplier = BatchCase.Any.class) BatchCase x) {
        checkExact(MatmulChecks::real, x);
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(@ForAll(supplier = BatchCase.Any.class) BatchCase x) {
        checkThreads(MatmulChecks::real, x);
    }

    @Property
    void aNotANumberReachesItsRowAlone(@ForAll(supplier = BatchCase.Any.class) BatchCase x) {
        checkNotANumber(MatmulChecks::real, x);
    }

    @Property
    void aPackedMatrixGivesTheSameBits(
            @ForAll(supplier = BatchCase.Any.class) BatchCase any,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        BatchCase x = any.with(any.isBatchA() ? Factors.ONE_B : Factors.NO_BATCH);
        checkBits(packed(x), x, Values::rarelySpecial, parallelism);
    }

    /** Packs B, which the description transposes or not, and multiplies with what is packed. */
    private static Kernel packed(BatchCase x) {
        return (description, a, b, bias, c, parallelism, workspace) -> {
            PackedMatrix right = x.product().transposeB() ? PackedMatrix.ofTransposed(b) : PackedMatrix.of(b);
            Matmul plain = x.product().transposeA() ? Matmul.TN : Matmul.NN;
            plain = plain.withAlpha(x.alpha())
                    .withBeta(x.factorOfC())
                    .with(x.product().activation());
            plain = x.hasResidual()
                    ? plain.plus(Tensor.of(x.residual(), c.shape().toArray()))
                    : plain;
            if (bias == null) {
                plain.run(a, right, c, parallelism, workspace);
            } else {
                plain.run(a, right, bias, c, parallelism, workspace);
            }
        };
    }

    /** On arrays, a matrix times a vector may be dot products. */
    @Property
    void givesTheBitsOfTheBatchOnArrays(@ForAll(supplier = BatchCase.Any.class) BatchCase any) {
        BatchCase x = any.plain().with(StartValue.TARGET);
        MatmulCase product = x.product();
        Assume.that(product.m() != 1 && product.n() != 1);
        Arguments arguments = x.arguments(Values::rarelySpecial);
        float[] c = arguments.c().toArray();
        int sizeA = product.m() * product.k();
        int sizeB = product.k() * product.n();
        FloatBlas.gemmBatched(
                product.transposeA(),
                product.transposeB(),
                product.m(),
                product.n(),
                product.k(),
                x.alpha(),
                arguments.a().array(),
                arguments.a().offset(),
                Math.max(1, product.transposeA() ? product.m() : product.k()),
                x.isBatchA() ? sizeA : 0,
                arguments.b().array(),
                arguments.b().offset(),
                Math.max(1, product.transposeB() ? product.k() : product.n()),
                x.isBatchB() ? sizeB : 0,
                x.beta(),
                c,
                0,
                Math.max(1, product.n()),
                product.m() * product.n(),
                x.count(),
                Pools.TWO,
                Scratch.dirty());
        Bits.assertSame("c", c, arguments.run(MatmulChecks::real, x.description(), Pools.ONE));
    }

    /** Products that are given to threads whole, and products that are cut. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneBlock() {
        for (int transposes = 0; transposes < 4; transposes++) {
            for (Factors factors : Factors.values()) {
                for (int batch : new int[] {2, 5}) {
                    MatmulCase product =
                            new MatmulCase(37, 133, 531, transposes, StartValue.TARGET, Activation.RELU, 1, 5);
                    checkThreads(MatmulChecks::real, new BatchCase(product, factors, batch, 0.7f, -1.3f, true));
                    checkBits(
                            MatmulChecks::real,
                            new BatchCase(product, factors, batch, -1.3f, 0, true),
                            Values::normal,
                            Pools.TWO);
                }
            }
        }
    }

    @Example
    void whatIsNotReadDoesNotMatter() {
        Tensor dirty = Tensor.zeros(3, 3);
        dirty.fill(Float.NaN);
        Tensor ones = Tensor.zeros(3, 3);
        ones.fill(1);
        assertEquals(3, element(Matmul.NN, ones, ones, Float.NaN));
        assertEquals(3, element(Matmul.NN.withBeta(-0f), ones, ones, Float.NaN));
        assertEquals(Float.NaN, element(Matmul.NN.accumulating(), ones, ones, Float.NaN));
        assertEquals(6, element(Matmul.NN.withAlpha(0).withBeta(2), dirty, dirty, 3));
        assertEquals(3, element(Matmul.NN.withAlpha(0).accumulating(), dirty, dirty, 3));
        assertEquals(0, element(Matmul.NN.withAlpha(0), dirty, dirty, Float.NaN));
        assertEquals(Float.NaN, element(Matmul.NN.withAlpha(2), dirty, ones, 0));
    }

    private static float element(Matmul description, Tensor a, Tensor b, float before) {
        Tensor c = Tensor.zeros(3, 3);
        c.fill(before);
        description.run(a, b, c, Parallelism.serial(), new Workspace());
        return c.get(2, 1);
    }
}
