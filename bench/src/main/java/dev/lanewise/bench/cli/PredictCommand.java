package dev.lanewise.bench.cli;

import dev.lanewise.bench.cli.Values.Threads;
import dev.lanewise.bench.pictures.Photo;
import dev.lanewise.bench.pictures.Photo.Inversion;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.io.ModelFile;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanewise predict}: classifies photographs with a trained model. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what is on photographs: the class, how probable it is, and the two next best.",
            "",
            "A photograph is made gray, cut to the article, scaled to the size that the model takes and centred on "
                    + "black, as the images of Fashion-MNIST were. One of just that size is taken as it is."
        })
final class PredictCommand implements Callable<Integer> {
    private static final int SHOWN = 3;

    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "model file, as written by lanewise train")
    private Path modelFile;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "PNG or JPEG files")
    private List<Path> images;

    @Option(
            names = "--invert",
            negatable = true,
            defaultValue = Option.NULL_VALUE,
            description = "whether light and dark are exchanged (default: if the background, the median of the pixels "
                    + "along the edges, is lighter than middle gray)")
    private Boolean invert;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            converter = Threads.class,
            description = "threads (default: one for each core)")
    private Integer threads;

    PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Model model = ModelFile.load(modelFile);
        check(model);
        // All are read before anything is said, so that one bad file among many is noticed at once.
        List<float[]> inputs = new ArrayList<>();
        for (Path image : images) {
            inputs.add(input(Photo.read(image), model));
        }
        // Weights packed for a single image would gain nothing.
        Model prepared = inputs.size() > 1 ? model.forInference() : model;
        int available = Runtime.getRuntime().availableProcessors();
        try (Parallelism parallelism = Parallelism.of(threads == null ? available : threads)) {
            Workspace workspace = new Workspace();
            for (int i = 0; i < inputs.size(); i++) {
                workspace.reset();
                Tensor batch = Tensor.of(inputs.get(i), model.input().prepend(1).toArray());
                float[] probabilities =
                        prepared.probabilities(batch, parallelism, workspace).toArray();
                print(images.get(i), model.classes(), probabilities);
            }
        }
        return ExitCode.SUCCESS;
    }

    private void check(Model model) {
        Shape input = model.input();
        if (input.rank() != 3 || input.extent(2) != 1 && input.extent(2) != 3) {
            throw new Problem(modelFile + ": takes inputs of " + input
                    + "; expected a model that takes images, height x width x 1 or x 3");
        }
        if (model.classes().isEmpty()) {
            throw new Problem(modelFile + ": names no classes; expected a model that classifies");
        }
    }

    private float[] input(Photo photo, Model model) {
        Inversion inversion = invert == null ? Inversion.AUTOMATIC : invert ? Inversion.ALWAYS : Inversion.NEVER;
        Shape shape = model.input();
        float[] pixels = photo.pixels(shape.extent(0), shape.extent(1), shape.extent(2), inversion);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (pixels[i] - model.normalization().mean())
                    / model.normalization().deviation();
        }
        return pixels;
    }

    private void print(Path image, List<String> classes, float[] probabilities) {
        int widest =
                images.stream().mapToInt(path -> path.toString().length()).max().orElse(0);
        int widestClass = classes.stream().mapToInt(String::length).max().orElse(0);
        List<Integer> best = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
                .limit(SHOWN)
                .toList();
        StringBuilder line = new StringBuilder(Texts.left(image.toString(), widest));
        for (int rank = 0; rank < best.size(); rank++) {
            String name = Texts.left(classes.get(best.get(rank)), widestClass);
            String percent = Texts.right(Texts.percent(probabilities[best.get(rank)], 1), 7);
            line.append("   ").append(rank == 0 ? console.terminal().bold(name + " " + percent) : name + " " + percent);
        }
        console.out().println(line);
    }
}
