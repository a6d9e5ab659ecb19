package dev.lanewise.kernels;

import static dev.lanewise.kernels.Refusals.assertRefused;
import static dev.lanewise.kernels.Refusals.assertShapes;
import static dev.lanewise.kernels.Refusals.filled;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What attention says of arguments that do not fit. */
class AttentionErrorsTest {
    private static final Parallelism ONE = Parallelism.serial();

    private final Workspace workspace = new Workspace();
    private final Tensor q = Tensor.zeros(2, 5, 12);
    private final Tensor k = Tensor.zeros(2, 7, 12);
    private final Tensor v = Tensor.zeros(2, 7, 9);
    private final Tensor o = filled(2, 5, 9);
    private final Tensor statistics = Tensor.zeros(2, 5, 2);

    private void run(Attention attention, Tensor queries, Tensor keys, Tensor values) {
        attention.forward(queries, keys, values, o, statistics, ONE, workspace);
    }

    @Test
    void shapes() {
        assertShapes(
                "attention: k is 7; it must have two axes at least",
                o,
                () -> run(Attention.FULL, q, Tensor.zeros(7), v));
        assertShapes(
                "attention: q is 2x5x12, k is 3x7x12; all axes but the last two must be equal",
                o,
                () -> run(Attention.FULL, q, Tensor.zeros(3, 7, 12), v));
        assertShapes(
                "attention: q is 2x5x12, k is 2x7x11; the last axes must be equal",
                o,
                () -> run(Attention.FULL, q, Tensor.zeros(2, 7, 11), v));
        assertShapes(
                "attention: k is 2x7x12, v is 2x6x9; there must be a value for each key",
                o,
                () -> run(Attention.FULL, q, k, Tensor.zeros(2, 6, 9)));
        assertShapes(
                "attention: v is 2x7x9, heads is 4; the last axis must be a multiple of it",
                o,
                () -> run(Attention.FULL.withHeads(4), q, k, v));
        assertShapes(
                "attention: statistics are 2x5x2; it must be 2x3x5x2",
                o,
                () -> run(Attention.FULL.withHeads(3), q, k, v));
        assertShapes(
                "attention gradient: k is 2x7x12, dk is 2x5x12; the shapes must be equal",
                o,
                () -> Attention.FULL.gradient(
                        q, k, v, o, statistics, o, Tensor.zeros(2, 5, 12), Tensor.zeros(2, 5, 12), v, ONE, workspace));
    }

    @Test
    void masks() {
        for (Shape shape : new Shape[] {Shape.of(5), Shape.of(7, 7), Shape.of(3, 5, 7)}) {
            Attention masked = Attention.CAUSAL.withMask(Tensor.zeros(shape));
            assertShapes(
                    "attention: scores are 2x5x7, mask is " + shape
                            + "; the axes of the mask, from the last on, must be"
                            + " as long as those of scores, or 1 or missing but for the last",
                    o,
                    () -> run(masked, q, k, v));
        }
    }

    @Test
    void overlapsAndNumbers() {
        Tensor other = Tensor.wrap(o.array(), 20, Shape.of(2, 5, 2));
        assertRefused(
                "attention: statistics overlaps o; they must share no element",
                o,
                () -> Attention.FULL.forward(q, k, v, o, other, ONE, workspace));
        Tensor mask = Tensor.wrap(o.array(), 20, Shape.of(7));
        assertRefused(
                "attention: o overlaps mask; they must share no element",
                o,
                () -> run(Attention.FULL.withMask(mask), q, k, v));
        Tensor dq = Tensor.zeros(2, 5, 12);
        assertRefused(
                "attention gradient: dq overlaps q; they must share no element",
                o,
                () -> Attention.FULL.gradient(
                        dq, k, v, o, statistics, o, dq, Tensor.zeros(2, 7, 12), Tensor.zeros(2, 7, 9), ONE, workspace));
        assertRefused("attention: heads is 0; it must be at least 1", o, () -> Attention.FULL.withHeads(0));
        assertRefused(
                "attention: scale is NaN; it must be at least 0 and finite",
                o,
                () -> Attention.FULL.withScale(Float.NaN));
    }
}
