package dev.lanewise.bench.layers;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.LibraryBenchmark;
import dev.lanewise.bench.layers.Layer.Operands;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;

/** Time of a convolution or a pooling in one library; what it computes is checked before it is timed. */
public class LayerBenchmark extends LibraryBenchmark {
    /** Which suite. */
    @Param("CONV")
    public LayerContest contest;

    /** What is computed, in the form that {@link LayerContest#parse} reads. */
    @Param("mb1ic64ih56oc64oh56kh3ph1")
    public String shape;

    /** Creates it, for JMH. */
    public LayerBenchmark() {}

    @Override
    protected Computation checked() {
        Layer layer = contest.parse(shape);
        Operands operands = layer.draw(new Random(1));
        LayerLibrary.Running running =
                Libraries.named(LayerLibrary.class, library).prepare(layer, operands, threads);
        running.run();
        layer.check(operands, running.result());
        return running;
    }
}
