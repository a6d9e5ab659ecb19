package dev.lanewise.kernels;

import static dev.lanewise.kernels.Refusals.assertRefused;
import static dev.lanewise.kernels.Refusals.assertShapes;
import static dev.lanewise.kernels.Refusals.filled;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What softmax, its logarithm and log-sum-exp say of arguments that do not fit. */
class RowErrorsTest {
    private static final Parallelism ONE = Parallelism.serial();
    private static final String MASK_RULE =
            "; the axes of the mask, from the last on, must be as long as those of x, or 1 or missing but for the last";

    private final Workspace workspace = new Workspace();
    private final Tensor y = filled(2, 3, 4);

    @Test
    void masksOfAnotherShape() {
        Tensor x = Tensor.zeros(2, 3, 4);
        for (String shape : new String[] {"3", "4x4", "2x1x1", "3x3x4", "1x2x3x4"}) {
            int[] extents =
                    Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
            assertShapes(
                    "softmax: x is 2x3x4, mask is " + shape + MASK_RULE,
                    y,
                    () -> Softmax.forward(x, Tensor.zeros(extents), y, ONE));
            assertShapes(
                    "log-softmax: x is 2x3x4, mask is " + shape + MASK_RULE,
                    y,
                    () -> LogSoftmax.forward(x, Tensor.zeros(extents), y, ONE, workspace));
        }
        assertShapes(
                "log-sum-exp: x is 2x3x4, mask is scalar" + MASK_RULE,
                y,
                () -> LogSumExp.forward(x, Tensor.zeros(), filled(2, 3), ONE, workspace));
    }

    @Test
    void resultsOfAnotherShape() {
        assertShapes(
                "log-sum-exp: x is 2x3x4, y is 3x2; y must have the axes of x but the last",
                y,
                () -> LogSumExp.forward(y, null, Tensor.zeros(3, 2), ONE, workspace));
        assertShapes(
                "log-sum-exp gradient: x is 2x3x4, dy is 2x3x1; dy must have the axes of x but the last",
                y,
                () -> LogSumExp.gradient(Tensor.zeros(2, 3, 4), null, Tensor.zeros(2, 3, 1), y, ONE, workspace));
        assertShapes(
                "log-softmax gradient: y is 2x3x4, dy is 2x4x3; the shapes must be equal",
                y,
                () -> LogSoftmax.gradient(Tensor.zeros(2, 3, 4), Tensor.zeros(2, 4, 3), y, ONE));
        assertShapes(
                "log-softmax: x is a scalar; it must have an axis to run along",
                y,
                () -> LogSoftmax.forward(Tensor.zeros(), Tensor.zeros(), ONE, workspace));
    }

    @Test
    void overlaps() {
        Tensor first = y.slice(0, 1);
        assertRefused(
                "softmax: y overlaps mask; they must share no element",
                y,
                () -> Softmax.forward(y, first.reshape(Shape.of(3, 4)), y, ONE));
        Tensor shifted = Tensor.wrap(y.array(), 1, Shape.of(23));
        assertRefused(
                "log-softmax: y at 1 overlaps x at 0 of the same array; they must be the same elements or share none",
                y,
                () -> LogSoftmax.forward(Tensor.wrap(y.array(), 0, Shape.of(23)), shifted, ONE, workspace));
        assertRefused(
                "log-sum-exp: y overlaps x; they must share no element",
                y,
                () -> LogSumExp.forward(y, null, Tensor.wrap(y.array(), 0, Shape.of(2, 3)), ONE, workspace));
    }
}
