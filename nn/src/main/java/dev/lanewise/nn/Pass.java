package dev.lanewise.nn;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/**
 * What a forward pass needs beside its input.
 *
 * @param training true while training, when dropout drops; false when the network is used or judged
 * @param key the source of all randomness in this pass: the same key drops the same elements
 * @param parallelism the threads
 * @param workspace the memory that outputs and gradients live in
 */
public record Pass(boolean training, long key, Parallelism parallelism, Workspace workspace) {
    /**
     * Returns a pass for using or judging a network.
     *
     * @param parallelism the threads
     * @param workspace the memory
     * @return the pass
     */
    public static Pass inference(Parallelism parallelism, Workspace workspace) {
        return new Pass(false, 0, parallelism, workspace);
    }

    /**
     * Returns a pass for one step of training.
     *
     * @param seed the seed of the training
     * @param step the number of the step; with the seed it fixes everything random in this pass
     * @param parallelism the threads
     * @param workspace the memory
     * @return the pass
     */
    public static Pass training(long seed, long step, Parallelism parallelism, Workspace workspace) {
        return new Pass(true, mix(mix(seed) + step), parallelism, workspace);
    }

    /**
     * Returns the pass for one layer of several, with a key of its own.
     *
     * @param index the layer's place
     * @return the pass
     */
    public Pass forChild(int index) {
        return training ? new Pass(true, mix(key + index + 1), parallelism, workspace) : this;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
