package dev.lanewise.properties.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One call of a kernel, and what must come of it.
 *
 * @param name what is tried, for messages
 * @param arguments the tensors of the call
 * @param kernel the call
 * @param bits from the arguments' elements (null for a result) to those that each written argument must hold, in order
 * @param truth from the same in double to what is true of each written argument, and how far rounding may be from it
 */
public record Trial(
        String name,
        List<Argument> arguments,
        Kernel kernel,
        Function<float[][], float[][]> bits,
        Function<double[][], Truth[]> truth) {
    private static final Parallelism THREE = Parallelism.of(3);

    /** The call of a kernel: the real one, or one that is wrong on purpose. */
    @FunctionalInterface
    public interface Kernel {
        /**
         * Runs the kernel.
         *
         * @param tensors one for each argument
         * @param parallelism the threads
         * @param workspace scratch memory
         */
        void run(Tensor[] tensors, Parallelism parallelism, Workspace workspace);
    }

    /**
     * A tensor of the call.
     *
     * @param values what it holds before; null for a result, whose elements are not defined
     * @param shape its shape
     * @param written whether the kernel changes it
     */
    public record Argument(float[] values, Shape shape, boolean written) {
        /** Returns an argument that is only read. */
        public static Argument in(float[] values, int... extents) {
            return new Argument(values, Shape.of(extents), false);
        }

        /** Returns a result. */
        public static Argument out(int... extents) {
            return new Argument(null, Shape.of(extents), true);
        }

        /** Returns an argument that is read and written. */
        public static Argument inOut(float[] values, int... extents) {
            return new Argument(values, Shape.of(extents), true);
        }
    }

    /**
     * What is true of one tensor.
     *
     * @param values the right elements
     * @param bounds how far each may be off
     */
    public record Truth(double[] values, double[] bounds) {}

    /**
     * Returns the same call of another kernel.
     *
     * @param other the kernel
     * @return the trial
     */
    public Trial with(Kernel other) {
        return new Trial(name, arguments, other, bits, truth);
    }

    /**
     * Fails unless the kernel gives the bits of its scalar twin, and writes nothing else.
     *
     * @param offset where tensors start in their arrays
     * @param parallelism the threads
     */
    public void checkBits(int offset, Parallelism parallelism) {
        float[][] before = new float[arguments.size()][];
        for (int i = 0; i < before.length; i++) {
            float[] values = arguments.get(i).values();
            before[i] = values == null ? null : values.clone();
        }
        assertSame("", bits.apply(before), run(offset, parallelism));
    }

    /** Fails unless what the kernel computes is as close to the truth as its roundings allow. */
    public void checkTruth() {
        double[][] before = new double[arguments.size()][];
        for (int i = 0; i < before.length; i++) {
            float[] values = arguments.get(i).values();
            before[i] = values == null ? null : Values.widen(values);
        }
        Truth[] expected = truth.apply(before);
        float[][] actual = run(1, Pools.TWO);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < actual.length; i++) {
            Bits.assertWithin(name + " " + i, expected[i].values(), actual[i], expected[i].bounds());
        }
    }

    /** Fails unless 1, 2 and 3 threads give the same bits. */
    public void checkThreads() {
        float[][] one = run(0, Pools.ONE);
        assertSame("2 threads: ", one, run(0, Pools.TWO));
        assertSame("3 threads: ", one, run(0, THREE));
    }

    private void assertSame(String how, float[][] expected, float[][] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < actual.length; i++) {
            Bits.assertSame(how + name + " " + i, expected[i], actual[i]);
        }
    }

    /** Runs the kernel on tensors between guards; returns what the written ones hold. */
    private float[][] run(int offset, Parallelism parallelism) {
        Tensor[] tensors = new Tensor[arguments.size()];
        for (int i = 0; i < tensors.length; i++) {
            Argument argument = arguments.get(i);
            int[] extents = argument.shape().toArray();
            tensors[i] = argument.values() == null
                    ? Tensors.empty(offset + i, extents)
                    : Tensors.of(offset + i, argument.values(), extents);
        }
        Workspace workspace = Scratch.dirty();
        Workspace.Mark mark = workspace.mark();
        kernel.run(tensors, parallelism, workspace);
        assertEquals(mark, workspace.mark(), name + ": scratch memory was not given back");
        Tensors.assertGuards(tensors);
        List<float[]> written = new ArrayList<>();
        for (int i = 0; i < tensors.length; i++) {
            Argument argument = arguments.get(i);
            if (argument.written()) {
                written.add(tensors[i].toArray());
            } else {
                Bits.assertSame(name + ": argument " + i, argument.values(), tensors[i].toArray());
            }
        }
        return written.toArray(new float[0][]);
    }
}
