package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Placed;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
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

    /** The operands of a problem, copied. */
    static Tensor[] tensors(Problem problem, float[][] operands) {
        Workspace memory = new Workspace();
        Tensor[] tensors = new Tensor[operands.length];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = Placed.copy(operands[i], Shape.of(problem.extents(i)), memory);
        }
        return tensors;
    }
}
