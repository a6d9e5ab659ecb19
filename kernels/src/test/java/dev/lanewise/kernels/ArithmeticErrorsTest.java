package dev.lanewise.kernels;

import static dev.lanewise.kernels.Refusals.assertRefused;
import static dev.lanewise.kernels.Refusals.assertShapes;
import static dev.lanewise.kernels.Refusals.filled;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What arithmetic and reductions say of arguments that do not fit, and how shapes are spread. */
class ArithmeticErrorsTest {
    private static final Parallelism ONE = Parallelism.serial();
    private static final String SPREAD =
            "; the axes of b, from the last on, must be those of a, but for leading or trailing"
                    + " ones of extent 1, or leading ones that are missing";

    private final Workspace workspace = new Workspace();
    private final Tensor y = filled(2, 3, 4);

    private void add(Tensor a, Tensor b) {
        Arithmetic.apply(BinaryOperation.ADD, a, b, y, ONE);
    }

    @Test
    void shapesAreSpreadOverLeadingAndTrailingAxes() {
        Shape large = Shape.of(8, 5, 7);
        assertEquals(new Broadcast(8, 35, 1), Broadcast.of("add", "a", large, "b", Shape.of(5, 7)));
        assertEquals(new Broadcast(40, 7, 1), Broadcast.of("add", "a", large, "b", Shape.of(1, 1, 7)));
        assertEquals(new Broadcast(1, 8, 35), Broadcast.of("add", "a", large, "b", Shape.of(8, 1, 1)));
        assertEquals(new Broadcast(8, 5, 7), Broadcast.of("add", "a", large, "b", Shape.of(5, 1)));
        assertEquals(new Broadcast(1, 1, 280), Broadcast.of("add", "a", large, "b", Shape.of()));
        assertEquals(new Broadcast(1, 280, 1), Broadcast.of("add", "a", large, "b", large));
    }

    @Test
    void shapes() {
        Tensor x = Tensor.zeros(2, 3, 4);
        assertShapes("add: a is 2x3x4, b is 3" + SPREAD, y, () -> add(x, Tensor.zeros(3)));
        assertShapes("add: a is 2x3x4, b is 2x1x4" + SPREAD, y, () -> add(x, Tensor.zeros(2, 1, 4)));
        assertShapes(
                "add: a is 2x3x5, y is 2x3x4; the shapes must be equal",
                y,
                () -> add(Tensor.zeros(2, 3, 5), Tensor.zeros(5)));
        assertShapes(
                "multiply gradient: b is 4, db is 3; the shapes must be equal",
                y,
                () -> ArithmeticGradients.apply(
                        BinaryOperation.MULTIPLY, x, Tensor.zeros(4), x, y, Tensor.zeros(3), ONE, workspace));
        assertShapes(
                "where: condition is 2x3x4, a is 4; the shapes must be equal",
                y,
                () -> Arithmetic.where(x, Tensor.zeros(4), x, y, ONE));
        assertRefused(
                "clamp: low is 1.0, high is 0.5; low must not be above high",
                y,
                () -> Arithmetic.clamp(x, 1, 0.5f, y, ONE));
    }

    @Test
    void overlaps() {
        Tensor part = Tensor.wrap(y.array(), 4, Shape.of(4));
        assertRefused("add: y overlaps b; they must share no element", y, () -> add(y, part));
        assertRefused(
                "add gradient: da overlaps dy; they must share no element",
                y,
                () -> ArithmeticGradients.apply(
                        BinaryOperation.ADD, Tensor.zeros(2, 3, 4), Tensor.zeros(4), y, y, null, ONE, workspace));
        Tensor shifted = Tensor.wrap(y.array(), 1, Shape.of(23));
        assertRefused(
                "axpy: y at 1 overlaps x at 0 of the same array; they must be the same elements or share none",
                y,
                () -> Arithmetic.axpy(2, Tensor.wrap(y.array(), 0, Shape.of(23)), shifted, ONE));
    }

    @Test
    void reductions() {
        assertRefused(
                "sum: x is 2x3x4, axis is 3; it must be one of the 3 axes of x",
                y,
                () -> Reductions.sum(y, 3, Tensor.zeros(2, 3), ONE, workspace));
        assertShapes(
                "norm: x is 2x3x4, y is 2x3; y must have the axes of x but axis 1",
                y,
                () -> Reductions.norm(y, 1, Tensor.zeros(2, 3), ONE, workspace));
        assertRefused(
                "mean: x is 0x3; there must be at least one element to take it of",
                y,
                () -> Reductions.mean(Tensor.zeros(0, 3), 0, Tensor.zeros(3), ONE, workspace));
        assertShapes(
                "argmax: x is 2x3x4, axis is -1, y has 5 elements; it must have 6",
                y,
                () -> Reductions.argmax(y, -1, new int[5], ONE, workspace));
        assertRefused(
                "max: y overlaps x; they must share no element",
                y,
                () -> Reductions.max(y, -1, Tensor.wrap(y.array(), 2, Shape.of(2, 3)), ONE));
        assertRefused(
                "max gradient: place 3 at position 1 must be at least 0 and below the extent of axis 1, 3",
                y,
                () -> ReductionGradients.max(new int[] {0, 3, 0, 0, 0, 0, 0, 0}, Tensor.zeros(2, 4), 1, y, ONE));
    }
}
