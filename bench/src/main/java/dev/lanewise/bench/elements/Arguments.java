package dev.lanewise.bench.elements;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * What Lanewise's kernels are called with.
 *
 * @param tensors the operands in their order
 * @param indices the same as whole numbers, of those that hold such; of others null
 * @param parallelism the threads
 * @param workspace scratch memory
 */
public record Arguments(Tensor[] tensors, int[][] indices, Parallelism parallelism, Workspace workspace) {
    /**
     * Returns an operand.
     *
     * @param number which
     * @return the tensor
     */
    public Tensor tensor(int number) {
        return tensors[number];
    }

    /**
     * Returns an operand of whole numbers.
     *
     * @param number which
     * @return the numbers
     */
    public int[] indices(int number) {
        return indices[number];
    }

    /**
     * Returns scratch memory that holds zeros, for gradients that are added to what is there.
     *
     * @param like a tensor of its shape
     * @return the tensor
     */
    public Tensor zeros(Tensor like) {
        Tensor zeros = workspace.tensor(like.shape());
        zeros.fill(0);
        return zeros;
    }
}
