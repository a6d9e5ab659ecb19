package dev.lanewise.bench.elements;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions that the JDK's Vector API has itself: {@code VectorOperators}, which are native code on some platforms. A
 * process computes one of them only, so that C2 takes the function for a constant, as it is in a loop that is written for it.
 */
public final class JdkElements implements ElementLibrary {
    private static final int GRAIN = 1 << 14;

    /** Apart: a list of all libraries starts without vectors. */
    private static final class Functions {
        static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

        static final Map<String, UnaryOperator<FloatVector>> BY_NAME = Map.of(
                "exp", v -> v.lanewise(VectorOperators.EXP),
                "expm1", v -> v.lanewise(VectorOperators.EXPM1),
                "log", v -> v.lanewise(VectorOperators.LOG),
                "log1p", v -> v.lanewise(VectorOperators.LOG1P),
                "tanh", v -> v.lanewise(VectorOperators.TANH),
                "sin", v -> v.lanewise(VectorOperators.SIN),
                "cos", v -> v.lanewise(VectorOperators.COS),
                "sqrt", v -> v.lanewise(VectorOperators.SQRT),
                "relu", v -> v.max(0f),
                "reciprocal", v -> FloatVector.broadcast(S, 1f).div(v));

        private Functions() {}
    }

    /** Creates it, for {@link java.util.ServiceLoader}. */
    public JdkElements() {}

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public String version() {
        return "VectorOperators of Java " + System.getProperty("java.version");
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean isUsualPeer() {
        return true;
    }

    @Override
    public boolean offers(ElementOperation operation) {
        return Functions.BY_NAME.containsKey(operation.name());
    }

    @Override
    public Running prepare(Problem problem, float[][] operands, int threads) {
        Tensor[] tensors = OnHeap.tensors(problem, operands);
        UnaryOperator<FloatVector> function =
                Functions.BY_NAME.get(problem.operation().name());
        Parallelism parallelism = Parallelism.of(threads);
        return new OnHeap(
                problem.repeats(),
                () -> parallelism.forRange(
                        tensors[0].size(), GRAIN, (from, to) -> apply(function, tensors[0], tensors[1], from, to)),
                tensors,
                parallelism);
    }

    private static void apply(UnaryOperator<FloatVector> function, Tensor x, Tensor y, int from, int to) {
        apply(function, x.array(), x.offset() + from, y.array(), y.offset() + from, to - from);
    }

    private static void apply(UnaryOperator<FloatVector> function, float[] x, int x0, float[] y, int y0, int size) {
        VectorSpecies<Float> species = Functions.S;
        int whole = species.loopBound(size);
        for (int i = 0; i < whole; i += species.length()) {
            function.apply(FloatVector.fromArray(species, x, x0 + i)).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = species.indexInRange(whole, size);
            function.apply(FloatVector.fromArray(species, x, x0 + whole, rest)).intoArray(y, y0 + whole, rest);
        }
    }
}
