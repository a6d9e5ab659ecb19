package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a backward pass takes of the workspace, and that giving it back changes no gradient. */
class SequentialTest {
    private static final int BATCH = 64;
    private static final int WIDTH = 128;
    private static final int DEPTH = 12;

    private static Linear[] layers() {
        Linear[] layers = IntStream.range(0, DEPTH)
                .mapToObj(i -> new Linear(WIDTH, WIDTH, Activation.TANH))
                .toArray(Linear[]::new);
        Initializer.HE_NORMAL.fill(Sequential.of(layers), 3);
        return layers;
    }

    private static Tensor random(long seed) {
        Random random = new Random(seed);
        Tensor tensor = Tensor.zeros(BATCH, WIDTH);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = random.nextFloat(-1, 1);
        }
        return tensor;
    }

    private static Tensor copy(Tensor tensor) {
        Tensor copy = Tensor.zeros(tensor.shape());
        copy.copyFrom(tensor);
        return copy;
    }

    private static float[][] parameterGradients(Layer network) {
        return network.parameters().stream()
                .map(parameter -> copy(parameter.gradient()).array())
                .toArray(float[][]::new);
    }

    @Test
    void aBackwardPassTakesTheMemoryOfAFewGradients() {
        Workspace workspace = new Workspace();
        Pass pass = Pass.training(1, 0, Parallelism.serial(), workspace);
        Forward forward = Sequential.of(layers()).forward(random(1), pass);
        long activations = workspace.peakBytes();
        forward.backward().apply(random(2), true);
        long gradient = (long) Float.BYTES * BATCH * WIDTH;
        assertTrue(
                workspace.peakBytes() <= activations + 6 * gradient,
                "forward " + activations + ", backward too " + workspace.peakBytes());
    }

    @Test
    void whatIsGivenBackChangesNoGradient() {
        Linear[] layers = layers();
        Sequential network = Sequential.of(layers);
        Pass pass = Pass.training(1, 0, Parallelism.serial(), new Workspace());
        Tensor input = random(1);
        Tensor inputGradient = copy(network.forward(input, pass).backward().apply(random(2), true));
        float[][] gradients = parameterGradients(network);
        network.parameters().forEach(parameter -> parameter.gradient().fill(0));
        Forward[] forwards = new Forward[DEPTH];
        Tensor x = input;
        for (int i = 0; i < DEPTH; i++) {
            forwards[i] = layers[i].forward(x, pass.forChild(i));
            x = forwards[i].output();
        }
        Tensor dy = random(2);
        for (int i = DEPTH - 1; i >= 0; i--) {
            dy = forwards[i].backward().apply(dy, true);
        }
        assertArrayEquals(copy(dy).array(), inputGradient.array());
        assertArrayEquals(parameterGradients(network), gradients);
    }

    /** Negative control: a layer that keeps what its backward pass took, against the rule, finds something else there. */
    @Test
    void whatALayerKeepsOfItsBackwardPassIsOverwritten() {
        Keeping keeping = new Keeping();
        Linear below = new Linear(WIDTH, WIDTH, Activation.TANH);
        Initializer.HE_NORMAL.fill(below, 3);
        Pass pass = Pass.training(1, 0, Parallelism.serial(), new Workspace());
        Sequential.of(below, keeping).forward(random(1), pass).backward().apply(random(2), true);
        assertEquals(7, keeping.seen);
        assertTrue(keeping.kept.array()[keeping.kept.offset()] != 7);
    }

    /** The identity, with scratch memory that it should not keep. */
    private static final class Keeping implements Layer {
        private Tensor kept;
        private float seen;

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public Forward forward(Tensor x, Pass pass) {
            return new Forward(x, (dy, wanted) -> {
                kept = pass.workspace().tensor(dy.shape());
                kept.fill(7);
                seen = kept.array()[kept.offset()];
                return dy;
            });
        }
    }
}
