package dev.lanewise.gradients;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.nn.Pass;
import dev.lanewise.nn.losses.BinaryCrossEntropy;
import dev.lanewise.nn.losses.CrossEntropy;
import dev.lanewise.nn.losses.Loss;
import dev.lanewise.nn.losses.MeanSquaredError;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The gradients of the losses against numerical ones. */
@Tag("widths")
class LossGradientTest {
    private static final float STEP = 0x1p-6f;

    /** Rounding: a loss below 4, of 2^-22, over two steps; curvature: h²/6 of third derivatives below 1. */
    private static final double TOLERANCE = 4 * 0x1p-22 / (2 * STEP) + STEP * STEP / 6.0;

    private static Tensor normal(long seed, int... extents) {
        Random random = new Random(seed);
        Tensor tensor = Tensor.zeros(extents);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    private static <T> float evaluate(Loss<T> loss, Tensor output, T targets, Tensor gradient) {
        return loss.evaluate(output, targets, gradient, Pass.inference(Parallelism.serial(), new Workspace()));
    }

    private static <T> void assertGradient(Loss<T> loss, Tensor output, T targets) {
        Tensor gradient = Tensor.zeros(output.shape());
        evaluate(loss, output, targets, gradient);
        Tensor scratch = Tensor.zeros(output.shape());
        for (int i = 0; i < output.size(); i++) {
            float middle = output.array()[i];
            output.array()[i] = middle + STEP;
            double above = evaluate(loss, output, targets, scratch);
            output.array()[i] = middle - STEP;
            double below = evaluate(loss, output, targets, scratch);
            output.array()[i] = middle;
            assertEquals((above - below) / (2 * STEP), gradient.array()[i], TOLERANCE, "element " + i);
        }
    }

    @Test
    void crossEntropy() {
        assertGradient(new CrossEntropy(), normal(1, 3, 17), new int[] {0, 16, 5});
        assertGradient(new CrossEntropy(), normal(2, 1, 2), new int[] {1});
    }

    @Test
    void binaryCrossEntropy() {
        Tensor targets = Tensor.zeros(3, 5);
        for (int i = 0; i < 15; i += 2) {
            targets.array()[i] = 1;
        }
        assertGradient(new BinaryCrossEntropy(), normal(3, 3, 5), targets);
    }

    @Test
    void meanSquaredError() {
        assertGradient(new MeanSquaredError(), normal(4, 4, 5), normal(5, 4, 5));
    }

    /** A sum in place of the mean, and a gradient of the wrong sign. */
    @Test
    void catchesAWrongGradient() {
        Loss<Tensor> right = new MeanSquaredError();
        for (float factor : new float[] {-1, 1.05f, 20}) {
            Loss<Tensor> wrong = (output, targets, gradient, pass) -> {
                float value = right.evaluate(output, targets, gradient, pass);
                for (int i = 0; i < gradient.size(); i++) {
                    gradient.array()[gradient.offset() + i] *= factor;
                }
                return value;
            };
            assertCaught(() -> assertGradient(wrong, normal(4, 4, 5), normal(5, 4, 5)));
        }
    }
}
