package dev.lanewise.nn.train;

import dev.lanewise.nn.io.FileException;
import dev.lanewise.nn.io.LayerRegistry;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.io.ModelFile;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that training needs to go on as if it had never been stopped. In a file it is a model ({@link ModelFile}
 * reads it) with more tensors, {@code training.optimizer.*} and {@code training.best.*}, and one more entry of metadata,
 * {@code lanewise.training}.
 */
public final class Checkpoint {
    private static final String OPTIMIZER = ModelFile.TRAINING + "optimizer.";
    private static final String BEST = ModelFile.TRAINING + "best.";

    private final Path file;
    private final Model model;
    private final TrainingState state;
    private final Map<String, Tensor> optimizerState;
    private final Map<String, Tensor> best;

    Checkpoint(
            Path file, Model model, TrainingState state, Map<String, Tensor> optimizerState, Map<String, Tensor> best) {
        this.file = file;
        this.model = model;
        this.state = state;
        this.optimizerState = optimizerState;
        this.best = best;
    }

    /**
     * Reads a checkpoint of a network whose layers are built in.
     *
     * @param file the file
     * @return the checkpoint
     * @throws FileException if it can't be read, is truncated, or is no checkpoint
     */
    public static Checkpoint read(Path file) throws IOException {
        return read(file, LayerRegistry.builtIn());
    }

    /**
     * Reads a checkpoint.
     *
     * @param file the file
     * @param registry knows the network's kinds of layers
     * @return the checkpoint
     * @throws FileException if it can't be read, is truncated, or is no checkpoint
     */
    public static Checkpoint read(Path file, LayerRegistry registry) throws IOException {
        Safetensors content = Safetensors.read(file);
        String json = content.metadata().get(TrainingState.NAME);
        Model model = ModelFile.decode(file.toString(), content, registry);
        if (json == null) {
            throw new FileException(
                    file.toString(),
                    "is a model but no checkpoint; expected " + TrainingState.NAME + " in its metadata");
        }
        try {
            return new Checkpoint(
                    file, model, TrainingState.parse(json), part(content, OPTIMIZER), part(content, BEST));
        } catch (RuntimeException e) {
            throw new FileException(file.toString(), "is no checkpoint that can be read: " + e.getMessage(), e);
        }
    }

    /** Writes the checkpoint, whole or not at all. */
    void write(LayerRegistry registry) throws IOException {
        Safetensors plain = ModelFile.encode(model, registry);
        Map<String, String> metadata = new LinkedHashMap<>(plain.metadata());
        metadata.put(TrainingState.NAME, state.toJson());
        Map<String, Tensor> tensors = new LinkedHashMap<>(plain.tensors());
        optimizerState.forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
        best.forEach((name, tensor) -> tensors.put(BEST + name, tensor));
        new Safetensors(metadata, tensors).write(file);
    }

    /**
     * Returns the network as it was, to go on with or to use.
     *
     * @return the model
     */
    public Model model() {
        return model;
    }

    /**
     * Returns how it was trained.
     *
     * @return the options
     */
    public TrainingOptions options() {
        return state.options();
    }

    /**
     * Returns how many steps were done.
     *
     * @return the number of steps
     */
    public long steps() {
        return state.position().step;
    }

    /**
     * Returns how many epochs were finished.
     *
     * @return the number of epochs
     */
    public int epochs() {
        return state.position().epoch;
    }

    /**
     * Returns how the finished epochs went.
     *
     * @return a result for each
     */
    public List<EpochResult> history() {
        return List.copyOf(state.position().history);
    }

    Path file() {
        return file;
    }

    TrainingState state() {
        return state;
    }

    Map<String, Tensor> optimizerState() {
        return optimizerState;
    }

    Map<String, Tensor> best() {
        return best;
    }

    private static Map<String, Tensor> part(Safetensors content, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        content.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
            }
        });
        return part;
    }
}
