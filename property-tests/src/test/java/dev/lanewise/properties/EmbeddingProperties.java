package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Embedding;
import dev.lanewise.properties.support.Lengths;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Look-up in a table and its gradient against their references: no row, one, many rows of one index, and of many. */
@Tag("widths")
class EmbeddingProperties {
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void givesTheBitsOfTheReference(
            @ForAll @IntRange(min = 1, max = 60) int entries,
            @ForAll @IntRange(min = 0, max = 70) int width,
            @ForAll(supplier = Lengths.class) int count,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism,
            @ForAll long seed) {
        Random random = new Random(seed);
        EmbeddingTrials trials = trials(entries, width, count, random);
        trials.forward(Values.mixed(random, entries * width)).checkBits(offset, parallelism);
        gradient(trials, random, true).checkBits(offset, parallelism);
        Trial normal = gradient(trials, random, false);
        normal.checkTruth();
        normal.checkThreads();
    }

    /** Many tasks, each of some rows, that cut through rows of one index. */
    @Example
    void tasksShareNoEntry() {
        Random random = new Random(5);
        for (int entries : new int[] {1, 2, 7, 3000}) {
            Trial trial = gradient(trials(entries, 65, 4000, random), random, false);
            trial.checkBits(1, Pools.TWO);
            trial.checkTruth();
            trial.checkThreads();
        }
    }

    @Example
    void catchesAnotherOrderAnotherIndexAndALostRow() {
        Random random = new Random(7);
        EmbeddingTrials trials = trials(5, 17, 100, random);
        int[] indices = trials.indices();
        Trial gradient = gradient(trials, random, false);
        assertCaught(() -> gradient.with((t, threads, workspace) -> {
                    // The last row first.
                    for (int i = indices.length - 1; i >= 0; i--) {
                        Embedding.gradient(new int[] {indices[i]}, 1, t[0].slice(i, i + 1), t[1], threads, workspace);
                    }
                })
                .checkBits(0, Pools.ONE));
        Trial lossy = gradient.with((t, threads, workspace) -> Embedding.gradient(
                indices, indices.length - 1, t[0].slice(0, indices.length - 1), t[1], threads, workspace));
        assertCaught(() -> lossy.checkBits(0, Pools.ONE));
        assertCaught(lossy::checkTruth);
        Trial forward = trials.forward(Values.normal(random, 5 * 17));
        int[] other = indices.clone();
        other[99] = (other[99] + 1) % 5;
        Trial wrong = forward.with((t, threads, workspace) -> Embedding.forward(t[0], other, 100, t[1], threads));
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }

    private static EmbeddingTrials trials(int entries, int width, int count, Random random) {
        return new EmbeddingTrials(
                entries, width, random.ints(count, 0, entries).toArray());
    }

    private static Trial gradient(EmbeddingTrials trials, Random random, boolean special) {
        int size = trials.indices().length * trials.width();
        float[] dy = special ? Values.mixed(random, size) : Values.normal(random, size);
        return trials.gradient(dy, Values.normal(random, trials.entries() * trials.width()));
    }
}
