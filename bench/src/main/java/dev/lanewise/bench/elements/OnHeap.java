package dev.lanewise.bench.elements;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * A problem on arrays of Java.
 *
 * @param repeats how often a run computes it
 * @param computation computes it once
 * @param tensors the operands
 * @param parallelism the threads, which are given back at the end
 */
record OnHeap(int repeats, Runnable computation, Tensor[] tensors, Parallelism parallelism)
        implements ElementLibrary.Running {
    @Override
    public void run(int times) {
        for (int i = 0; i < times; i++) {
            computation.run();
        }
    }

    @Override
    public float[] result(int operand) {
        return tensors[operand].toArray();
    }

    @Override
    public void close() {
        parallelism.close();
    }

    /** The operands of a problem, copied to where those of a network lie, on cache lines as those of other libraries. */
    static Tensor[] tensors(Problem problem, float[][] operands) {
        Workspace workspace = new Workspace();
        Tensor[] tensors = new Tensor[operands.length];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = workspace.tensor(problem.extents(i));
            tensors[i].copyFrom(Tensor.of(operands[i], problem.extents(i)));
        }
        return tensors;
    }
}
