package dev.lanewise.nn.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.Pass;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The losses on numbers that can be followed by hand. */
class LossesTest {
    private final Pass pass = Pass.inference(Parallelism.serial(), new Workspace());

    private static Tensor row(float... values) {
        return Tensor.of(values, 1, values.length);
    }

    @Test
    void crossEntropy() {
        Tensor gradient = Tensor.zeros(1, 2);
        float loss = new CrossEntropy().evaluate(row((float) Math.log(3), 0), new int[] {0}, gradient, pass);
        assertEquals(Math.log(4.0 / 3), loss, 1e-6);
        assertArrayEquals(new float[] {-0.25f, 0.25f}, gradient.toArray(), 1e-6f);
        float certain = new CrossEntropy().evaluate(row(1000, 0), new int[] {1}, gradient, pass);
        assertEquals(1000, certain);
        assertArrayEquals(new float[] {1, -1}, gradient.toArray());
        assertThrows(
                ShapeMismatchException.class,
                () -> new CrossEntropy().evaluate(row(1, 0), new int[] {1, 1}, gradient, pass));
    }

    @Test
    void binaryCrossEntropy() {
        Tensor gradient = Tensor.zeros(1, 2);
        float loss = new BinaryCrossEntropy().evaluate(row(0, (float) Math.log(4)), row(1, 0), gradient, pass);
        assertEquals((Math.log(2) + Math.log(5)) / 2, loss, 1e-6);
        assertArrayEquals(new float[] {-0.25f, 0.4f}, gradient.toArray(), 1e-6f);
        assertEquals(50, new BinaryCrossEntropy().evaluate(row(-100, 100), row(1, 1), gradient, pass));
    }

    @Test
    void meanSquaredError() {
        Tensor gradient = Tensor.zeros(1, 2);
        assertEquals(5, new MeanSquaredError().evaluate(row(1, 5), row(2, 2), gradient, pass));
        assertArrayEquals(new float[] {-1, 3}, gradient.toArray());
        assertThrows(
                ShapeMismatchException.class,
                () -> new MeanSquaredError().evaluate(row(1, 5), row(2, 2, 2), gradient, pass));
    }
}
