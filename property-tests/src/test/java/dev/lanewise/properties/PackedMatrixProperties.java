package dev.lanewise.properties;

import static dev.lanewise.properties.MatmulChecks.checkBits;
import static dev.lanewise.properties.MatmulChecks.checkThreads;
import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.kernels.PackedMatrix;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Products with a packed right factor: the bits of the reference, as with the matrix itself. */
@Tag("widths")
class PackedMatrixProperties {
    /** Packs B, which the description transposes or not, and multiplies with what is packed. */
    private static Kernel packed(MatmulCase product) {
        MatmulCase plain = new MatmulCase(
                product.m(),
                product.n(),
                product.k(),
                product.transposes() & 1,
                product.start(),
                product.activation(),
                product.offset(),
                product.seed());
        return (description, a, b, bias, c, parallelism, workspace) -> {
            PackedMatrix right = product.transposeB() ? PackedMatrix.ofTransposed(b) : PackedMatrix.of(b);
            assertEquals(product.k(), right.rows());
            assertEquals(product.n(), right.columns());
            if (bias == null) {
                plain.description().run(a, right, c, parallelism, workspace);
            } else {
                plain.description().run(a, right, bias, c, parallelism, workspace);
            }
        };
    }

    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = MatmulCase.Any.class) MatmulCase product,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(packed(product), product, Values::rarelySpecial, parallelism);
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(@ForAll(supplier = MatmulCase.Any.class) MatmulCase product) {
        checkThreads(packed(product), product);
    }

    /** Several blocks of steps and of columns, and several tasks. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneBlock() {
        for (int transposes = 0; transposes < 4; transposes++) {
            for (StartValue start : StartValue.values()) {
                MatmulCase deep = new MatmulCase(7, 69, 2051, transposes, start, Activation.TANH, 1, 5);
                checkBits(packed(deep), deep, Values::normal, Pools.TWO);
                MatmulCase wide = new MatmulCase(199, 581, 9, transposes, start, Activation.RELU, 1, 5);
                checkBits(packed(wide), wide, Values::normal, Pools.TWO);
            }
        }
    }

    @Example
    void theChecksCatchAWrongMatrix() {
        MatmulCase square = new MatmulCase(5, 33, 33, 0, StartValue.ZERO, Activation.IDENTITY, 0, 1);
        Kernel transposed = (description, a, b, bias, c, parallelism, workspace) ->
                description.run(a, PackedMatrix.ofTransposed(b), c, parallelism, workspace);
        assertCaught(() -> checkBits(transposed, square, Values::normal, Pools.ONE));
    }

    @Example
    void whatDoesNotFitIsRefused() {
        PackedMatrix b = PackedMatrix.of(Tensor.zeros(5, 6));
        assertEquals(
                "matmul: a is 3x4, b is packed, 5x6; columns of a (4) must equal rows of b (5)",
                refused(Matmul.NN, Tensor.zeros(3, 4), b, Tensor.zeros(3, 6)));
        assertEquals(
                "matmul: a is 3x5, b is packed, 5x6, c is 3x7; c must be 3x6",
                refused(Matmul.NN, Tensor.zeros(3, 5), b, Tensor.zeros(3, 7)));
        assertEquals(
                "matmul: b is packed; a packed matrix can't be transposed, but a transposed one can be packed",
                refused(Matmul.NT, Tensor.zeros(3, 5), b, Tensor.zeros(3, 6)));
        assertEquals(
                "pack: b is 3; it must have two axes",
                assertThrows(IllegalArgumentException.class, () -> PackedMatrix.of(Tensor.zeros(3)))
                        .getMessage());
    }

    private static String refused(Matmul description, Tensor a, PackedMatrix b, Tensor c) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> description.run(a, b, c, Parallelism.serial(), new Workspace()))
                .getMessage();
    }
}
