package dev.lanewise.peers.elements;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.bench.elements.ElementLibrary.Running;
import dev.lanewise.peers.foreign.Dnnl;
import dev.lanewise.peers.foreign.DnnlPrimitive;
import java.util.List;

/**
 * A problem in oneDNN.
 *
 * @param repeats how often a run computes it
 * @param dnnl what it was created with
 * @param primitives compute it, one after the other
 * @param memories the operands
 */
record DnnlElements(int repeats, Dnnl dnnl, List<DnnlPrimitive> primitives, List<Dnnl.Memory> memories) implements Running {
    @Override
    public void run(int times) {
        for (int i = 0; i < times; i++) {
            for (DnnlPrimitive primitive : primitives) {
                primitive.run();
            }
        }
    }

    @Override
    public float[] result(int operand) {
        return memories.get(operand).elements().toArray(JAVA_FLOAT);
    }

    @Override
    public void close() {
        dnnl.close();
    }
}
