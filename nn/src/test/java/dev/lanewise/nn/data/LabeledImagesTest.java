package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.Normalization;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabeledImagesTest {
    private static final Shape PIXELS = Shape.of(1, 2, 1);
    private static final LabeledImages IMAGES = LabeledImages.of(
            new byte[] {0, (byte) 255, 51, 102, 1, 2}, new byte[] {1, 0, 1}, PIXELS, List.of("a", "b"));

    @Test
    void copiesABatchOnTheScaleFrom0To1() {
        Tensor inputs = Tensor.zeros(2, 1, 2, 1);
        int[] labels = IMAGES.newTargets(2);
        IMAGES.copy(new int[] {9, 1, 0}, 1, inputs, labels);
        assertArrayEquals(new float[] {51 / 255f, 102 / 255f, 0, 1}, inputs.toArray());
        assertArrayEquals(new int[] {0, 1}, labels);
    }

    @Test
    void ownNormalizationGivesMean0AndDeviation1() {
        Normalization own = IMAGES.ownNormalization();
        LabeledImages normalized = IMAGES.normalized(own);
        Tensor inputs = Tensor.zeros(3, 1, 2, 1);
        normalized.copy(new int[] {0, 1, 2}, 0, inputs, new int[3]);
        double sum = 0;
        double squares = 0;
        for (float value : inputs.toArray()) {
            sum += value;
            squares += (double) value * value;
        }
        assertEquals(0, sum / 6, 1e-6);
        assertEquals(1, squares / 6, 1e-6);
        assertEquals(own, normalized.normalization());
        assertEquals(new Normalization(0, 1), Normalization.of(new byte[0]));
        assertEquals(1, Normalization.of(new byte[] {7, 7}).deviation(), "a deviation of 0 can't be divided by");
    }

    @Test
    void firstKeepsTheLeadingImages() {
        LabeledImages first = IMAGES.first(2);
        assertEquals(2, first.size());
        assertArrayEquals(new byte[] {51, 102}, first.image(1));
        assertEquals(3, IMAGES.first(100).size());
        assertThrows(IllegalArgumentException.class, () -> IMAGES.first(-1));
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(
                IllegalArgumentException.class, () -> LabeledImages.of(new byte[5], new byte[3], PIXELS, List.of("a")));
        assertThrows(
                IllegalArgumentException.class,
                () -> LabeledImages.of(new byte[2], new byte[] {1}, PIXELS, List.of("a")));
        assertThrows(
                IllegalArgumentException.class, () -> IMAGES.copy(new int[2], 0, Tensor.zeros(2, 1, 1, 1), new int[2]));
        assertThrows(IllegalArgumentException.class, () -> new Normalization(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Normalization(Float.NaN, 1));
    }

    @Test
    void tensorsCopyRowsOfInputsAndTargets() {
        TensorDataset examples = new TensorDataset(
                Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2), Tensor.of(new float[] {7, 8, 9}, 3, 1));
        Tensor inputs = Tensor.zeros(2, 2);
        Tensor targets = examples.newTargets(2);
        examples.copy(new int[] {2, 0}, 0, inputs, targets);
        assertArrayEquals(new float[] {5, 6, 1, 2}, inputs.toArray());
        assertArrayEquals(new float[] {9, 7}, targets.toArray());
        assertEquals(Shape.of(2), examples.inputShape());
        assertThrows(ShapeMismatchException.class, () -> new TensorDataset(Tensor.zeros(3, 2), Tensor.zeros(2, 1)));
    }
}
