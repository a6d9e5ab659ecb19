package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Buffer;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layers.ActivationLayer;
import dev.lanewise.nn.layers.AdaptiveAvgPool2d;
import dev.lanewise.nn.layers.AdaptiveMaxPool2d;
import dev.lanewise.nn.layers.AvgPool2d;
import dev.lanewise.nn.layers.BatchNorm1d;
import dev.lanewise.nn.layers.BatchNorm2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.ConvTranspose2d;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.GroupNorm;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.InstanceNorm2d;
import dev.lanewise.nn.layers.LayerNorm;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.MultiHeadAttention;
import dev.lanewise.nn.layers.Relu;
import dev.lanewise.nn.layers.RmsNorm;
import dev.lanewise.nn.layers.Sigmoid;
import dev.lanewise.nn.layers.Tanh;
import dev.lanewise.nn.layers.Upsample2d;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    private static final Shape INPUT = Shape.of(12, 10, 2);

    @TempDir
    private Path folder;

    /** One of every layer, no two settings alike. */
    private static Model model() {
        ConvolutionGeometry convolution = new ConvolutionGeometry(3, 2, 2, 4, 1, 2, 1, 0, 2, 1, 2, 1, 2);
        Sequential network = Sequential.of(
                new Conv2d(convolution, Activation.TANH),
                new MaxPool2d(new PoolingGeometry(2, 3, 1, 2, 1, 0, 0, 2)),
                Sequential.of(new Relu(), new AvgPool2d(new PoolingGeometry(3, 2, 2, 1, 0, 1, 2, 0)), new Flatten()),
                new Sigmoid(),
                new Dropout(0.1f),
                new Linear(72, 7, Activation.SIGMOID),
                new Tanh(),
                new ActivationLayer(Activation.GELU),
                new Linear(7, 3, Activation.IDENTITY));
        Initializer.HE_NORMAL.fill(network, 1);
        return new Model(
                network,
                INPUT,
                List.of("a", "b \"c\"", "d"),
                new Normalization(0.28604f, 0.35302f),
                Map.of("trained.by", "test"));
    }

    /** The other layers of images. */
    private static Model images() {
        ConvolutionGeometry transposed = new ConvolutionGeometry(3, 2, 4, 2, 2, 3, 0, 1, 0, 2, 1, 1, 1);
        Sequential network = Sequential.of(
                new Upsample2d(2, 3, Interpolation.BILINEAR_ALIGNED),
                new AdaptiveMaxPool2d(5, 4),
                new ConvTranspose2d(transposed, 1, 2, Activation.RELU),
                new AdaptiveAvgPool2d(3, 6),
                new Conv2d(ConvolutionGeometry.of(3, 3, 4, 8).withGroups(4), Activation.IDENTITY, ConvAlgorithm.FAST),
                new BatchNorm2d(8, 1e-3, 0.3, Activation.RELU),
                new GroupNorm(2, 8, 1e-4, Activation.RELU),
                new InstanceNorm2d(8, Activation.IDENTITY),
                new GlobalAvgPool2d(),
                new BatchNorm1d(8, Activation.IDENTITY),
                new LayerNorm(8, 0.1),
                new RmsNorm(8));
        Initializer.HE_NORMAL.fill(network, 1);
        int value = 1;
        for (Buffer buffer : network.buffers()) {
            buffer.value().fill(value++);
        }
        return new Model(network, INPUT, List.of(), Normalization.NONE, Map.of());
    }

    /** The layers of sequences. */
    private static Model sequences() {
        Sequential network = Sequential.of(
                new MultiHeadAttention(6, 2, true),
                new MultiHeadAttention(6, 3, false),
                new Flatten(),
                new Linear(24, 3, Activation.IDENTITY));
        Initializer.GLOROT_NORMAL.fill(network, 1);
        return new Model(network, Shape.of(4, 6), List.of(), Normalization.NONE, Map.of());
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        assertLoaded(model());
        assertLoaded(images());
        assertLoaded(sequences());
    }

    private void assertLoaded(Model saved) throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelFile.save(file, saved);
        Model loaded = ModelFile.load(file);

        assertEquals(saved.classes(), loaded.classes());
        assertEquals(saved.normalization(), loaded.normalization());
        assertEquals(saved.notes(), loaded.notes());
        assertEquals(saved.input(), loaded.input());
        LayerRegistry registry = LayerRegistry.builtIn();
        assertEquals(
                ModelFile.encode(saved, registry).metadata(),
                ModelFile.encode(loaded, registry).metadata());
        assertArrayEquals(probabilities(saved), probabilities(loaded));
    }

    @Test
    void anAlgorithmIsWrittenUnlessItIsTheUsualOne() throws IOException {
        for (ConvAlgorithm algorithm : ConvAlgorithm.values()) {
            Conv2d layer = new Conv2d(ConvolutionGeometry.of(3, 3, 2, 2), Activation.IDENTITY, algorithm);
            Model model = Model.of(Sequential.of(layer), INPUT, List.of(), Normalization.NONE);
            String text =
                    ModelFile.encode(model, LayerRegistry.builtIn()).metadata().get("lanewise.architecture");
            assertEquals(algorithm == ConvAlgorithm.FAST, text.contains("\"algorithm\":\"fast\""));
            assertEquals(algorithm == ConvAlgorithm.EXACT, !text.contains("algorithm"));
        }
    }

    @Test
    void theArchitectureIsWrittenAsDocumented() {
        Model model = Model.of(
                Sequential.of(new Flatten(), new Linear(784, 10, Activation.RELU), new Dropout(0.1f)),
                Shape.of(28, 28, 1),
                List.of(),
                Normalization.NONE);
        assertEquals(
                "{\"version\":1,\"input\":[28,28,1],\"layers\":[{\"type\":\"flatten\"},"
                        + "{\"type\":\"linear\",\"inputs\":784,\"outputs\":10,\"activation\":\"relu\"},"
                        + "{\"type\":\"dropout\",\"rate\":0.1}]}",
                ModelFile.encode(model, LayerRegistry.builtIn()).metadata().get("lanewise.architecture"));
    }

    @Test
    void filesThatAreNoModelAreErrors() throws IOException {
        Path file = folder.resolve("other.safetensors");
        new Safetensors(Map.of("format", "pt"), Map.of("w", Tensor.zeros(2))).write(file);
        assertEquals(
                file + ": has no lanewise.architecture in its metadata; expected a model of Lanewise",
                assertThrows(FileException.class, () -> ModelFile.load(file)).getMessage());
        assertWrong("version is 2; expected 1", "\"version\":1", "\"version\":2");
        assertWrong("version is missing", "\"version\":1,", "");
        assertWrong("layers of type conv3d are not known", "conv2d", "conv3d");
        assertWrong("conv2d lacks its setting groups", "\"groups\":2,", "");
        assertWrong("conv2d has an unknown setting extra", "\"groups\":2,", "\"groups\":2,\"extra\":1,");
        assertWrong("groups of conv2d is 2.5; expected an integer", "\"groups\":2,", "\"groups\":2.5,");
        assertWrong("activation of conv2d is gelu", "tanh\"}", "gelu\"}");
        assertWrong("kernel of conv2d is [3]", "\"kernel\":[3,2]", "\"kernel\":[3]");
        assertWrong("other.safetensors", "\"input\":[12,10,2]", "\"input\":[-1]");
        assertWrong("other.safetensors", "{\"version\"", "nonsense");
        assertWrong("input is missing", "\"input\"", "\"output\"");
    }

    @Test
    void tensorsMustBeThoseOfTheLayers() throws IOException {
        Safetensors good = ModelFile.encode(model(), LayerRegistry.builtIn());
        Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());
        tensors.remove("5.bias");
        assertWrong("tensor 5.bias is missing", new Safetensors(good.metadata(), tensors));
        tensors.put("5.bias", Tensor.zeros(8));
        assertWrong("tensor 5.bias is 8; expected 7", new Safetensors(good.metadata(), tensors));
        tensors.put("5.bias", Tensor.zeros(7));
        tensors.put("training.optimizer.x", Tensor.zeros(1));
        ModelFile.decode("x", new Safetensors(good.metadata(), tensors), LayerRegistry.builtIn());
        tensors.put("9.bias", Tensor.zeros(1));
        assertWrong("1 tensors that no layer owns", new Safetensors(good.metadata(), tensors));
    }

    @Test
    void aFolderThatIsMissingIsAnErrorAndAnOldFileStays() throws IOException {
        assertThrows(
                FileException.class, () -> ModelFile.save(folder.resolve("none").resolve("m"), model()));
        Path file = Files.writeString(folder.resolve("m"), "before");
        Model strange = Model.of(Sequential.of(new Scale(2)), Shape.of(2), List.of(), Normalization.NONE);
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(file, strange))
                .getMessage();
        assertTrue(message.contains("Scale is not registered"), message);
        assertEquals("before", Files.readString(file));
    }

    @Test
    void layersOfOnesOwnAreSavedThroughTheRegistry() throws IOException {
        LayerRegistry registry = LayerRegistry.builtIn()
                .with(
                        "scale",
                        Scale.class,
                        (layer, to) -> to.put("channels", layer.channels),
                        from -> new Scale(from.integer("channels")));
        Model model = Model.of(
                Sequential.of(new Relu(), Sequential.of(new Scale(2))), Shape.of(2), List.of(), Normalization.NONE);
        model.network().parameters().get(0).value().fill(3);
        Path file = folder.resolve("m");
        ModelFile.save(file, model, registry);
        Model loaded = ModelFile.load(file, registry);
        assertArrayEquals(
                new float[] {3, 3}, loaded.network().parameters().get(0).value().toArray());
        assertTrue(assertThrows(FileException.class, () -> ModelFile.load(file))
                .getMessage()
                .contains("layers of type scale are not known"));
        assertThrows(
                IllegalArgumentException.class,
                () -> registry.with("scale", Flatten.class, (layer, to) -> {}, from -> new Flatten()));
        assertThrows(
                IllegalArgumentException.class,
                () -> registry.with("sequential", Scale.class, (layer, to) -> {}, from -> new Scale(1)));
    }

    @Test
    void aModelMustFitTogether() {
        Sequential network = Sequential.of(new Linear(2, 3, Activation.IDENTITY));
        Model model = Model.of(network, Shape.of(2), List.of("a", "b", "c"), Normalization.NONE);
        assertThrows(
                ShapeMismatchException.class, () -> Model.of(network, Shape.of(2), List.of("a"), Normalization.NONE));
        assertThrows(ShapeMismatchException.class, () -> Model.of(network, Shape.of(3), List.of(), Normalization.NONE));
        assertThrows(IllegalArgumentException.class, () -> model.withNotes(Map.of("lanewise.x", "y")));
        assertThrows(
                ShapeMismatchException.class,
                () -> model.probabilities(Tensor.zeros(1, 3), Parallelism.serial(), new Workspace()));
    }

    @Test
    void aModelForInferenceComputesTheSameAndIsNotSaved() {
        Model model = model();
        Model prepared = model.forInference();
        assertArrayEquals(probabilities(model), probabilities(prepared));
        assertEquals(model.classes(), prepared.classes());
        String message = assertThrows(
                        IllegalArgumentException.class, () -> ModelFile.encode(prepared, LayerRegistry.builtIn()))
                .getMessage();
        assertTrue(message.endsWith("as they are before forInference()"), message);
    }

    /** Multiplies each element by a number that is learned. */
    private record Scale(int channels, Parameter factor) implements Layer {
        Scale(int channels) {
            this(channels, Parameter.weight("factor", Shape.of(channels)));
        }

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(factor);
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            throw new UnsupportedOperationException("not needed here");
        }
    }

    private static float[] probabilities(Model model) {
        Tensor input = Tensor.zeros(model.input().prepend(2));
        for (int i = 0; i < input.size(); i++) {
            input.array()[i] = (i * 7 % 13 - 6) / 5f;
        }
        Tensor result = model.probabilities(input, Parallelism.serial(), new Workspace());
        assertFalse(Float.isNaN(result.get(1, 2)));
        return result.toArray();
    }

    private void assertWrong(String message, String part, String replacement) throws IOException {
        Safetensors good = ModelFile.encode(model(), LayerRegistry.builtIn());
        Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
        assertTrue(metadata.get("lanewise.architecture").contains(part), part);
        metadata.computeIfPresent("lanewise.architecture", (name, json) -> json.replace(part, replacement));
        assertWrong(message, new Safetensors(metadata, good.tensors()));
    }

    private void assertWrong(String message, Safetensors content) throws IOException {
        Path file = folder.resolve("other.safetensors");
        content.write(file);
        String actual =
                assertThrows(FileException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(actual.startsWith(file + ": ") && actual.contains(message), message + " is not in " + actual);
    }
}
