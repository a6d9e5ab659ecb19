package dev.lanewise.properties;

import dev.lanewise.kernels.Embedding;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.EmbeddingReference;
import java.util.Arrays;
import java.util.List;

/**
 * Look-up in a table and its gradient.
 *
 * @param entries how many rows the table has
 * @param width how long they are
 * @param indices which rows are looked up
 */
record EmbeddingTrials(int entries, int width, int[] indices) {
    Trial forward(float[] table) {
        return new Trial(
                "embedding",
                List.of(Argument.in(table, entries, width), Argument.out(indices.length, width)),
                (t, threads, workspace) -> Embedding.forward(t[0], indices, indices.length, t[1], threads),
                before -> new float[][] {EmbeddingReference.forward(before[0], width, indices)},
                before -> {
                    double[] y = Values.widen(EmbeddingReference.forward(table, width, indices));
                    return new Truth[] {new Truth(y, new double[y.length])};
                });
    }

    Trial gradient(float[] dy, float[] gradient) {
        return new Trial(
                "embedding gradient",
                List.of(Argument.in(dy, indices.length, width), Argument.inOut(gradient, entries, width)),
                (t, threads, workspace) -> Embedding.gradient(indices, indices.length, t[0], t[1], threads, workspace),
                before -> {
                    EmbeddingReference.gradient(indices, width, before[0], before[1]);
                    return new float[][] {before[1]};
                },
                before -> {
                    double[] magnitudes = Rounding.magnitudes(gradient);
                    EmbeddingReference.gradient(indices, width, Rounding.magnitudes(dy), magnitudes);
                    int[] terms = new int[entries];
                    Arrays.stream(indices).forEach(index -> terms[index]++);
                    double[] bounds = new double[magnitudes.length];
                    Arrays.setAll(bounds, i -> Rounding.bound(magnitudes[i], terms[i / width]));
                    EmbeddingReference.gradient(indices, width, before[0], before[1]);
                    return new Truth[] {new Truth(before[1], bounds)};
                });
    }
}
