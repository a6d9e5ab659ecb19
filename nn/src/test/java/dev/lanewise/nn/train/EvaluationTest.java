package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** Says that an image of value v is of class v. */
    private static final Layer VALUE = new Layer() {
        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(3);
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            int batch = input.shape().extent(0);
            Tensor output = pass.workspace().tensor(batch, 3);
            output.fill(0);
            for (int i = 0; i < batch; i++) {
                output.set(2, i, Math.round(input.get(i, 0, 0, 0) * 255));
            }
            return new Forward(output, (gradient, wanted) -> null);
        }
    };

    private static LabeledImages images(int... valuesAndLabels) {
        byte[] values = new byte[valuesAndLabels.length / 2];
        byte[] labels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) valuesAndLabels[2 * i];
            labels[i] = (byte) valuesAndLabels[2 * i + 1];
        }
        return LabeledImages.of(values, labels, Shape.of(1, 1, 1), List.of("a", "b", "c"));
    }

    @Test
    void countsWhatWasTakenForWhat() {
        for (int batchSize : new int[] {1, 2, 3, 5, 100}) {
            Evaluation evaluation = Evaluation.of(
                    VALUE, images(0, 0, 1, 0, 2, 2, 0, 0, 1, 2), batchSize, Parallelism.serial(), new Workspace());
            assertArrayEquals(new int[] {0, 1, 2, 0, 1}, evaluation.predictions());
            assertArrayEquals(new int[][] {{2, 1, 0}, {0, 0, 0}, {0, 1, 1}}, evaluation.confusion());
            assertEquals(0.6, evaluation.accuracy());
            assertEquals(2.0 / 3, evaluation.recall(0));
            assertTrue(Double.isNaN(evaluation.recall(1)));
            double right = Math.exp(2) / (Math.exp(2) + 2);
            assertEquals(right, evaluation.confidences()[4], 1e-6);
            double loss = (3 * -Math.log(right) + 2 * -Math.log(right * Math.exp(-2))) / 5;
            assertEquals(loss, evaluation.loss(), 1e-6);
        }
    }

    @Test
    void noExamplesHaveNoAccuracy() {
        Evaluation evaluation = Evaluation.of(VALUE, images(), 4, Parallelism.serial(), new Workspace());
        assertTrue(Double.isNaN(evaluation.accuracy()));
        assertTrue(Double.isNaN(evaluation.loss()));
        assertThrows(
                IllegalArgumentException.class,
                () -> Evaluation.of(VALUE, images(), 0, Parallelism.serial(), new Workspace()));
    }

    @Test
    void theLargestIsTheFirstOfSeveralAndNeverNaN() {
        Tensor output =
                Tensor.of(new float[] {1, 3, 3, Float.NaN, 0, 2, Float.NEGATIVE_INFINITY, Float.NaN, Float.NaN}, 3, 3);
        assertEquals(1, Metric.largest(output, 0));
        assertEquals(2, Metric.largest(output, 1));
        assertEquals(0, Metric.largest(output, 2));
        assertEquals(2, Metric.labels().correct(output, new int[] {1, 1, 0}));
    }
}
