package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/** Element-wise operations and reductions in Lanewise. */
public final class LanewiseElements implements ElementLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public LanewiseElements() {}

    @Override
    public String name() {
        return Libraries.OURS;
    }

    @Override
    public String version() {
        return Libraries.ourVersion();
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean offers(ElementOperation operation) {
        return true;
    }

    @Override
    public Running prepare(Problem problem, float[][] operands, int threads) {
        int[][] indices = new int[operands.length][];
        for (int i = 0; i < operands.length; i++) {
            if (problem.isIndices(i)) {
                indices[i] = new int[operands[i].length];
                for (int k = 0; k < indices[i].length; k++) {
                    indices[i][k] = (int) operands[i][k];
                }
            }
        }
        Parallelism parallelism = Parallelism.of(threads);
        Arguments arguments = new Arguments(OnHeap.tensors(problem, operands), indices, parallelism, new Workspace());
        return new OnHeap(
                problem.repeats(),
                () -> problem.operation().ours().accept(arguments),
                arguments.tensors(),
                parallelism);
    }
}
