package dev.lanewise.nn.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.GradientCheck;
import dev.lanewise.nn.GradientReport;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.io.ModelFile;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Look-up of rows, its gradient, its file and its errors. */
class EmbeddingTest {
    /** What a numerical gradient can be taken of: it rounds its input. */
    private record Rounded(Layer layer) implements Layer {
        @Override
        public Shape outputShape(Shape input) {
            return layer.outputShape(input);
        }

        @Override
        public List<Parameter> parameters() {
            return layer.parameters();
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            Tensor whole = pass.workspace().tensor(input.shape());
            for (int i = 0; i < input.size(); i++) {
                whole.array()[whole.offset() + i] = Math.round(input.array()[input.offset() + i]);
            }
            return layer.forward(whole, pass);
        }
    }

    private static Embedding filled() {
        Embedding layer = new Embedding(3, 2);
        layer.parameters().get(0).value().copyFrom(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        return layer;
    }

    private static Pass training() {
        return Pass.training(1, 0, Parallelism.serial(), new Workspace());
    }

    @Test
    void looksUpRowsAndAddsTheirGradients() {
        Embedding layer = filled();
        Forward forward = layer.forward(Tensor.of(new float[] {2, 0, 2, -0f}, 2, 2), training());
        assertEquals(Shape.of(2, 2, 2), forward.output().shape());
        assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6, 1, 2}, forward.output().toArray());
        Tensor gradient = Tensor.of(new float[] {1, 2, 4, 8, 16, 32, 64, 128}, 2, 2, 2);
        assertNull(forward.backward().apply(gradient, false));
        assertArrayEquals(
                new float[] {68, 136, 0, 0, 17, 34},
                layer.parameters().get(0).gradient().toArray());
        assertArrayEquals(new float[4], forward.backward().apply(gradient, true).toArray());
    }

    @Test
    void gradientsAreSlopes() {
        GradientReport report =
                GradientCheck.of(new Rounded(filled())).check(Tensor.of(new float[] {2, 1, 2, 2}, 2, 2));
        assertTrue(report.sensitivity() < 1);
    }

    @Test
    void aFileKeepsIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Model model = new Model(Sequential.of(filled()), Shape.of(4), List.of(), Normalization.NONE, Map.of());
        ModelFile.save(file, model);
        Tensor input = Tensor.of(new float[] {1, 2, 0, 1}, 1, 4);
        assertArrayEquals(
                new float[] {3, 4, 5, 6, 1, 2, 3, 4},
                ModelFile.load(file)
                        .network()
                        .forward(input, training())
                        .output()
                        .toArray());
    }

    @Test
    void whatIsNoIndexIsNamedWithItsPosition() {
        for (float index : new float[] {-1, 3, 0.5f, Float.NaN, Float.POSITIVE_INFINITY, 1e10f}) {
            assertRefused(
                    "embedding: index " + index
                            + " at position 1 must be a whole number, at least 0 and below the number of entries, 3",
                    () -> filled().forward(Tensor.of(new float[] {0, index}, 1, 2), training()));
        }
        assertRefused("embedding: width is 0; it must be at least 1", () -> new Embedding(3, 0));
        assertRefused(
                "embedding: entries is 16777217; it must be at most 2^24, the whole numbers a float holds",
                () -> new Embedding((1 << 24) + 1, 1));
    }

    private static void assertRefused(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
