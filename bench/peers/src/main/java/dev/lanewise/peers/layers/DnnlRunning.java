package dev.lanewise.peers.layers;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.bench.layers.LayerLibrary.Running;
import dev.lanewise.peers.foreign.Dnnl;
import dev.lanewise.peers.foreign.DnnlPrimitive;
import java.lang.foreign.MemorySegment;

/**
 * A layer in oneDNN.
 *
 * @param dnnl what it was created with
 * @param primitive computes it
 * @param memory what it computes, in the primitive's layout
 * @param layout the layout of Lanewise
 */
record DnnlRunning(Dnnl dnnl, DnnlPrimitive primitive, Dnnl.Memory memory, MemorySegment layout) implements Running {
    @Override
    public void run() {
        primitive.run();
    }

    @Override
    public float[] result() {
        return dnnl.reordered(memory, layout).elements().toArray(JAVA_FLOAT);
    }

    @Override
    public void close() {
        dnnl.close();
    }
}
