package dev.lanewise.bench.layers;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Library;
import dev.lanewise.bench.layers.Layer.Operands;

/** A library with convolutions and pooling; found by {@link java.util.ServiceLoader}. */
public interface LayerLibrary extends Library {
    /**
     * Returns whether the library does a layer.
     *
     * @param layer the layer
     * @return false for what it does not offer
     */
    boolean offers(Layer layer);

    /**
     * Prepares a layer: copies the operands to where, and in which layout, the library likes them best.
     *
     * @param layer one that it offers
     * @param operands what goes into it
     * @param threads how many threads work
     * @return the layer, not yet computed
     */
    Running prepare(Layer layer, Operands operands, int threads);

    /** A layer that can be computed again and again. */
    interface Running extends Computation {
        /**
         * Returns what was computed; asked for once, after the first run.
         *
         * @return the elements, in Lanewise's layout
         */
        float[] result();
    }
}
