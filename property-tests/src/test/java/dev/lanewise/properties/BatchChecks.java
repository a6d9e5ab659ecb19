package dev.lanewise.properties;

import dev.lanewise.properties.MatmulCase.Arguments;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.MatmulReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import java.util.function.BiFunction;

/** What is demanded of batches, and of products with alpha and beta. */
final class BatchChecks {
    private BatchChecks() {}

    static void checkBits(
            Kernel kernel, BatchCase x, BiFunction<Random, Integer, float[]> values, Parallelism parallelism) {
        Arguments arguments = x.arguments(values);
        float[] expected = x.expected(arguments);
        Bits.assertSame("c", expected, arguments.run(kernel, x.description(), parallelism));
    }

    static void checkTruth(Kernel kernel, BatchCase any) {
        BatchCase x = any.plain();
        Arguments arguments = x.arguments(Values::normal);
        float[] a = arguments.a().toArray();
        float[] b = arguments.b().toArray();
        double[] start = start(x, arguments);
        MatmulReference reference = x.product().reference();
        double[] truth = reference.products(x.count(), x.alpha(), Values.widen(a), Values.widen(b), start);
        for (int i = 0; i < start.length; i++) {
            start[i] = Math.abs(start[i]);
        }
        double[] magnitudes = reference.products(
                x.count(), Math.abs(x.alpha()), Rounding.magnitudes(a), Rounding.magnitudes(b), start);
        float[] actual = arguments.run(kernel, x.description(), Pools.TWO);
        // Scaling B and C rounds once more each.
        Bits.assertWithin(
                "c", truth, actual, Rounding.bounds(magnitudes, x.product().k() + 2));
    }

    /** The start values before any rounding. */
    private static double[] start(BatchCase x, Arguments arguments) {
        double[] start = Values.widen(arguments.start());
        float[] c = arguments.c().toArray();
        for (int i = 0; i < c.length && x.factorOfC() != 0; i++) {
            start[i] = (double) x.beta() * c[i];
        }
        return start;
    }

    /** Small integers and integer factors: every sum is exact. */
    static void checkExact(Kernel kernel, BatchCase any) {
        BatchCase x = any.plain().with(integer(any.alpha()), integer(any.beta()));
        Arguments arguments = x.arguments(Values::integers);
        double[] truth = x.product()
                .reference()
                .products(
                        x.count(),
                        x.alpha(),
                        Values.widen(arguments.a().toArray()),
                        Values.widen(arguments.b().toArray()),
                        Values.widen(arguments.start()));
        float[] actual = arguments.run(kernel, x.description(), Pools.TWO);
        Bits.assertWithin("c", truth, actual, new double[truth.length]);
    }

    private static float integer(float factor) {
        return factor == 0.7f ? -2 : factor == -1.3f ? 3 : factor;
    }

    static void checkThreads(Kernel kernel, BatchCase x) {
        MatmulChecks.checkThreads(threads -> x.arguments(Values::normal).run(kernel, x.description(), threads));
    }

    /** A NaN in A makes its row NaN, in its own product or, if A is the factor of all, in each; the rest keeps its bits. */
    static void checkNotANumber(Kernel kernel, BatchCase any) {
        BatchCase x = any.plain();
        Arguments dirty = x.arguments(Values::normal);
        Tensor a = dirty.a();
        int rows = x.product().m();
        int columns = x.product().n();
        if (a.size() == 0 || x.alpha() == 0) {
            return;
        }
        float[] clean = x.arguments(Values::normal).run(kernel, x.description(), Pools.TWO);
        int at = new Random(x.product().seed()).nextInt(a.size());
        a.array()[a.offset() + at] = Float.NaN;
        int last = a.shape().extent(-1);
        int row = x.product().transposeA() ? at % last : at / last % rows;
        int index = at / (rows * x.product().k());
        float[] actual = dirty.run(kernel, x.description(), Pools.TWO);
        for (int i = 0; i < clean.length; i++) {
            boolean isReached = i / columns % rows == row && (!x.isBatchA() || i / (rows * columns) == index);
            Bits.assertSame(isReached ? Float.NaN : clean[i], actual[i]);
        }
    }
}
