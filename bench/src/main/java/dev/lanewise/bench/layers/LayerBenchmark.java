package dev.lanewise.bench.layers;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.LibraryBenchmark;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.kernels.ConvAlgorithm;
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

    /** Which algorithms Lanewise may use for convolutions. */
    @Param("EXACT")
    public ConvAlgorithm algorithm = ConvAlgorithm.EXACT;

    private Layer layer;
    private Operands operands;
    private LayerLibrary.Running running;

    /** Creates it, for JMH. */
    public LayerBenchmark() {}

    @Override
    protected Computation prepared() {
        layer = contest.parse(shape);
        if (layer instanceof ConvLayer convolution && library.equals(Libraries.OURS)) {
            layer = new ConvLayer(convolution.direction(), convolution.shape(), algorithm);
        }
        operands = layer.draw(new Random(1));
        running = Libraries.named(LayerLibrary.class, library).prepare(layer, operands, threads);
        return running;
    }

    @Override
    protected void check() {
        layer.check(operands, running.result());
    }
}
