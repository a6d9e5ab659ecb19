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
        float[] x = tensors[0].array();
        float[] y = tensors[1].array();
        UnaryOperator<FloatVector> function =
                Functions.BY_NAME.get(problem.operation().name());
        Parallelism parallelism = Parallelism.of(threads);
        return new OnHeap(
                problem.repeats(),
                () -> parallelism.forRange(x.length, GRAIN, (from, to) -> apply(function, x, y, from, to)),
                tensors,
                parallelism);
    }

    private static void apply(UnaryOperator<FloatVector> function, float[] x, float[] y, int from, int to) {
        VectorSpecies<Float> species = Functions.S;
        int whole = from + species.loopBound(to - from);
        for (int i = from; i < whole; i += species.length()) {
            function.apply(FloatVector.fromArray(species, x, i)).intoArray(y, i);
        }
        if (whole < to) {
            VectorMask<Float> rest = species.indexInRange(whole, to);
            function.apply(FloatVector.fromArray(species, x, whole, rest)).intoArray(y, whole, rest);
        }
    }
}
