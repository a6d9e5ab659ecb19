package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.micro.FloatPanels;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What matrix products of tensors say of arguments that do not fit; and that they change nothing then. */
class MatmulErrorsTest {
    private static final Parallelism ONE = Parallelism.serial();

    private final Workspace workspace = new Workspace();
    private final Tensor result = filled(3, 4);
    private final Tensor results = filled(2, 3, 4);

    private static Tensor filled(int... extents) {
        Tensor tensor = Tensor.zeros(extents);
        tensor.fill(7);
        return tensor;
    }

    private static Tensor zeros(int... extents) {
        return Tensor.zeros(extents);
    }

    private void refused(String message, Class<? extends RuntimeException> type, Executable call) {
        float[] before = result.toArray();
        float[] befores = results.toArray();
        assertEquals(message, assertThrows(type, call).getMessage());
        assertArrayEquals(before, result.toArray());
        assertArrayEquals(befores, results.toArray());
    }

    private void misfits(String message, Executable call) {
        refused(message, ShapeMismatchException.class, call);
    }

    private void refused(String message, Executable call) {
        refused(message, IllegalArgumentException.class, call);
    }

    @Test
    void factorsMustFitEachOther() {
        misfits(
                "matmul: a is 3x4, b is 5x6; columns of a (4) must equal rows of b (5)",
                () -> Matmul.NN.run(zeros(3, 4), zeros(5, 6), result, ONE, workspace));
        misfits(
                "matmul: a is 3x4 transposed, b is 6x5 transposed; rows of a (3) must equal columns of b (5)",
                () -> Matmul.TT.run(zeros(3, 4), zeros(6, 5), result, ONE, workspace));
        misfits(
                "matmul: a is 2x3x5, b is 2x4x5; columns of a (5) must equal rows of b (4)",
                () -> Matmul.NN.run(zeros(2, 3, 5), zeros(2, 4, 5), results, ONE, workspace));
        misfits(
                "matmul: a is 2x3x5, b is 3x5x4; the batch of a (2) must equal that of b (3), or one of them must be a"
                        + " single matrix",
                () -> Matmul.NN.run(zeros(2, 3, 5), zeros(3, 5, 4), results, ONE, workspace));
        misfits(
                "matmul: a is 1x3x5, b is 2x5x4; the batch of a (1) must equal that of b (2), or one of them must be a"
                        + " single matrix",
                () -> Matmul.NN.run(zeros(1, 3, 5), zeros(2, 5, 4), results, ONE, workspace));
    }

    @Test
    void theResultMustFitTheFactors() {
        misfits(
                "matmul: a is 3x5, b is 5x6, c is 3x4; c must be 3x6",
                () -> Matmul.NN.run(zeros(3, 5), zeros(5, 6), result, ONE, workspace));
        misfits(
                "matmul: a is 2x3x5, b is 5x4, c is 3x4; c must be 2x3x4",
                () -> Matmul.NN.run(zeros(2, 3, 5), zeros(5, 4), result, ONE, workspace));
        misfits(
                "matmul: a is 3x5, b is 5x4, c is 2x3x4; c must be 3x4",
                () -> Matmul.NN.run(zeros(3, 5), zeros(5, 4), results, ONE, workspace));
        misfits(
                "matmul: a is 0x5x3 transposed, b is 5x4, c is 2x3x4; c must be 0x3x4",
                () -> Matmul.TN.run(zeros(0, 5, 3), zeros(5, 4), results, ONE, workspace));
        // 100000 * 100000 overflows an int, although the factors hold nothing.
        misfits(
                "matmul: a is 100000x0, b is 0x100000, c is 3x4; c must be 100000x100000",
                () -> Matmul.NN.run(zeros(100_000, 0), zeros(0, 100_000), result, ONE, workspace));
    }

    @Test
    void everyTensorMustBeMatrices() {
        misfits(
                "matmul: a is 4; it must have two axes, or three if it is a batch",
                () -> Matmul.NN.run(zeros(4), zeros(4, 4), result, ONE, workspace));
        misfits(
                "matmul: b is scalar; it must have two axes, or three if it is a batch",
                () -> Matmul.NN.run(zeros(3, 4), Tensor.zeros(Shape.of()), result, ONE, workspace));
        misfits(
                "matmul: c is 1x1x3x4; it must have two axes, or three if it is a batch",
                () -> Matmul.NN.run(zeros(3, 4), zeros(4, 4), result.reshape(Shape.of(1, 1, 3, 4)), ONE, workspace));
    }

    @Test
    void aBiasMustFitAndStandAlone() {
        misfits(
                "matmul: bias is 3, c is 3x4; bias must have one element for each column of c",
                () -> Matmul.NN.run(zeros(3, 2), zeros(2, 4), zeros(3), result, ONE, workspace));
        misfits(
                "matmul: bias is 2x4, c is 2x3x4; bias must have one element for each column of c",
                () -> Matmul.NN.run(zeros(2, 3, 2), zeros(2, 4), zeros(2, 4), results, ONE, workspace));
        refused(
                "matmul: beta is 1.0 and there is a bias; both give the start value, so beta must be 0",
                () -> Matmul.NN.accumulating().run(zeros(3, 2), zeros(2, 4), zeros(4), result, ONE, workspace));
        refused(
                "matmul: beta is NaN and there is a bias; both give the start value, so beta must be 0",
                () -> Matmul.NN
                        .withBeta(Float.NaN)
                        .run(zeros(3, 2), PackedMatrix.of(zeros(2, 4)), zeros(4), result, ONE, workspace));
    }

    @Test
    void aResidualMustFit() {
        misfits(
                "matmul: the residual is 3x4, c is 2x3x4; they must be alike",
                () -> Matmul.NN.plus(zeros(3, 4)).run(zeros(2, 3, 5), zeros(5, 4), results, ONE, workspace));
    }

    @Test
    void theResultMustNotOverlapWhatIsRead() {
        Tensor bias = results.reshape(Shape.of(24)).slice(20, 24);
        Tensor square = results.reshape(Shape.of(6, 4)).slice(2, 6);
        Tensor left = results.reshape(Shape.of(8, 3)).slice(5, 8);
        refused(
                "matmul: c overlaps b; the result needs elements of its own",
                () -> Matmul.NN.run(zeros(2, 3, 4), square, results, ONE, workspace));
        refused(
                "matmul: c overlaps a; the result needs elements of its own",
                () -> Matmul.NN.run(left, zeros(2, 3, 4), results, ONE, workspace));
        refused(
                "matmul: c overlaps a; the result needs elements of its own",
                () -> Matmul.NN.run(
                        left,
                        PackedMatrix.of(zeros(3, 4)),
                        results.slice(1, 2).reshape(Shape.of(3, 4)),
                        ONE,
                        workspace));
        refused(
                "matmul: c overlaps bias; the result needs elements of its own",
                () -> Matmul.NN.run(zeros(2, 3, 5), zeros(5, 4), bias, results, ONE, workspace));
        refused(
                "matmul: c overlaps the residual; the result needs elements of its own",
                () -> Matmul.NN.plus(results).run(zeros(2, 3, 5), zeros(5, 4), results, ONE, workspace));
    }

    @Test
    void packedMatricesMustFit() {
        PackedMatrix b = PackedMatrix.of(zeros(5, 6));
        misfits(
                "matmul: a is 2x3x4, b is packed, 5x6; columns of a (4) must equal rows of b (5)",
                () -> Matmul.NN.run(zeros(2, 3, 4), b, results, ONE, workspace));
        misfits(
                "matmul: a is 2x5x3 transposed, b is packed, 5x6, c is 2x3x4; c must be 2x3x6",
                () -> Matmul.TN.run(zeros(2, 5, 3), b, results, ONE, workspace));
        refused(
                "matmul: b is packed; a packed matrix can't be transposed, but a transposed one can be packed",
                () -> Matmul.NT.run(zeros(2, 3, 5), b, results, ONE, workspace));
        misfits("pack: b is 2x5x6; it must have two axes", () -> PackedMatrix.of(zeros(2, 5, 6)));
        misfits("pack: b is 5; it must have two axes", () -> PackedMatrix.ofTransposed(zeros(5)));
    }

    /** Rows of 17 columns take 20, 24 or 32 elements: a matrix that fits an array may not fit one when packed. */
    @Test
    void panelsMustFitAnArray() {
        assertEquals(FloatPanels.size(1000, 17), PackedMatrix.size(1000, 17));
        assertEquals(0, PackedMatrix.size(0, 17));
        int columns = (17 + Lanes.LENGTH - 1) / Lanes.LENGTH * Lanes.LENGTH;
        refused(
                "pack: b has 120000000 rows and 17 columns, in panels " + 120_000_000L * columns
                        + " elements; they must fit an array",
                () -> PackedMatrix.size(120_000_000, 17));
    }
}
