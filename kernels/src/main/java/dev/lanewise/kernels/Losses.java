package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.LossLoops;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Losses that compare element with element, with their gradients: the mean over all elements.
 *
 * <p>The sum is split into chunks of 1024 elements whatever the threads. A chunk is summed in float over
 * {@link VirtualLanes 16 virtual lanes}, the chunks in double in ascending order.
 *
 * <p>The gradient is always computed: who wants the value alone lets it go to scratch memory.
 */
public final class Losses {
    /** Elements summed in float: 64 in each virtual lane. */
    private static final int CHUNK = 1024;

    /** Chunks a task takes. */
    private static final int CHUNKS_PER_TASK = 8;

    private Losses() {}

    /** A loss on one chunk. */
    @FunctionalInterface
    private interface Loop {
        float run(
                float[] x,
                int x0,
                float[] t,
                int t0,
                float[] g,
                int g0,
                int size,
                float share,
                float[] scratch,
                int scratch0);
    }

    /**
     * Computes the binary cross-entropy between the sigmoids of logits and targets, and its gradient.
     *
     * <p>The loss of an element is {@code max(x, 0) - x t + log(1 + exp(-|x|))}, which neither overflows nor loses digits
     * where the sigmoid is next to 0 or 1; as operations {@code fma(-x, t, max(x, 0)) + log1p(exp(-|x|))}. The gradient
     * is {@code (sigmoid(x) - t) * (1 / n)} for n elements.
     *
     * <p>A logit or target of NaN makes the loss and its own gradient NaN. An infinite logit makes the loss NaN or
     * infinite, while its gradient is the limit. Targets are not held to [0, 1]: outside, the loss may be negative.
     *
     * @param logits the inputs x, any shape of at least one element
     * @param targets the targets t, same shape
     * @param gradient receives the gradient of the mean, same shape; may be logits or targets, or share no element with
     *     them
     * @param parallelism the threads
     * @param workspace scratch memory, 1040 floats for each thread and one for 1024 elements
     * @return the mean loss
     * @throws ShapeMismatchException if the shapes differ; gradient is untouched then
     * @throws IllegalArgumentException if there is no element, or gradient overlaps another argument without being the
     *     same elements
     */
    public static float binaryCrossEntropy(
            Tensor logits, Tensor targets, Tensor gradient, Parallelism parallelism, Workspace workspace) {
        check("binary cross-entropy", "logits", logits, targets, gradient);
        float share = (float) (1.0 / logits.size());
        return mean(LossLoops::binaryCrossEntropy, logits, targets, gradient, share, parallelism, workspace);
    }

    /**
     * Computes the mean squared error, and its gradient.
     *
     * <p>The loss of an element is {@code d²} with {@code d = prediction - target}, its gradient {@code d * (2 / n)} for n
     * elements. NaN and infinities follow from that: the loss of an infinite difference is +infinity.
     *
     * @param prediction the predictions, any shape of at least one element
     * @param targets the targets, same shape
     * @param gradient receives the gradient of the mean, same shape; may be prediction or targets, or share no element
     *     with them
     * @param parallelism the threads
     * @param workspace scratch memory, 1040 floats for each thread and one for 1024 elements
     * @return the mean loss
     * @throws ShapeMismatchException if the shapes differ; gradient is untouched then
     * @throws IllegalArgumentException if there is no element, or gradient overlaps another argument without being the
     *     same elements
     */
    public static float meanSquaredError(
            Tensor prediction, Tensor targets, Tensor gradient, Parallelism parallelism, Workspace workspace) {
        check("mean squared error", "prediction", prediction, targets, gradient);
        float share = (float) (2.0 / prediction.size());
        return mean(LossLoops::squaredError, prediction, targets, gradient, share, parallelism, workspace);
    }

    private static void check(String operation, String name, Tensor x, Tensor targets, Tensor gradient) {
        Checks.sameShape(operation, name, x, "targets", targets);
        Checks.sameShape(operation, name, x, "gradient", gradient);
        Checks.sameOrApart(operation, name, x, "gradient", gradient);
        Checks.sameOrApart(operation, "targets", targets, "gradient", gradient);
        if (x.size() == 0) {
            throw new IllegalArgumentException(
                    operation + ": " + name + " is " + x.shape() + "; the mean needs at least one element");
        }
    }

    private static float mean(
            Loop loop,
            Tensor x,
            Tensor targets,
            Tensor gradient,
            float share,
            Parallelism parallelism,
            Workspace workspace) {
        int size = x.size();
        int chunks = (size - 1) / CHUNK + 1;
        Workspace.Mark mark = workspace.mark();
        Tensor sums = workspace.tensor(chunks);
        int room = LossLoops.scratch(Math.min(size, CHUNK));
        Tensor scratch = workspace.tensor(parallelism.threads(), room);
        parallelism.forEach((chunks - 1) / CHUNKS_PER_TASK + 1, (task, worker) -> {
            for (int chunk = task * CHUNKS_PER_TASK; chunk < Math.min(chunks, (task + 1) * CHUNKS_PER_TASK); chunk++) {
                int at = chunk * CHUNK;
                sums.array()[sums.offset() + chunk] = loop.run(
                        x.array(),
                        x.offset() + at,
                        targets.array(),
                        targets.offset() + at,
                        gradient.array(),
                        gradient.offset() + at,
                        Math.min(size - at, CHUNK),
                        share,
                        scratch.array(),
                        scratch.offset() + worker * room);
            }
        });
        float mean = (float) (Sums.ascending(sums) / size);
        workspace.release(mark);
        return mean;
    }
}
