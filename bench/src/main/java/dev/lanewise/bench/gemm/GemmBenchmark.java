package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.LibraryBenchmark;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;

/** Time of a matrix product in one library; what it computes is checked before it is timed. */
public class GemmBenchmark extends LibraryBenchmark {
    /** Which operation. */
    @Param("MATMUL")
    public Operation operation;

    /** What is multiplied, in the form that {@link Operation#parse} reads. */
    @Param("512x512x512")
    public String shape;

    private GemmLibrary.Product product;
    private double[] a;
    private double[] b;

    /** Creates it, for JMH. */
    public GemmBenchmark() {}

    /**
     * Creates the benchmark of products of float matrices in Lanewise, for suites that run it without JMH.
     *
     * @param shape the shape
     * @param threads how many threads work
     */
    static GemmBenchmark ours(GemmShape shape, int threads) {
        GemmBenchmark benchmark = new GemmBenchmark();
        benchmark.library = LanewiseGemm.NAME;
        benchmark.operation = Operation.MATMUL;
        benchmark.shape = shape.toString();
        benchmark.threads = threads;
        return benchmark;
    }

    @Override
    protected Computation prepared() {
        GemmShape wanted = operation.parse(shape);
        Random random = new Random(1);
        a = integers(random, wanted.m() * wanted.k() * wanted.batch());
        b = integers(random, wanted.k() * wanted.n() * wanted.batch());
        product = Libraries.named(GemmLibrary.class, library).prepare(operation, wanted, a, b, threads);
        return product;
    }

    @Override
    protected void check() {
        check(operation.parse(shape), a, b, product.result());
    }

    /** Small integers, whose sums are exact. */
    private static double[] integers(Random random, int size) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextInt(7) - 3;
        }
        return values;
    }

    /** Compares every element, or some thousand of a large product, with the sum taken one number at a time. */
    static void check(GemmShape shape, double[] a, double[] b, double[] c) {
        int each = shape.m() * shape.n();
        int elements = each * shape.batch();
        int step = Math.max(1, elements / 5000 | 1);
        for (int at = 0; at < elements; at += step) {
            int q = at / each;
            int i = at % each / shape.n();
            int j = at % shape.n();
            long sum = 0;
            for (int p = 0; p < shape.k(); p++) {
                int left = q * shape.m() * shape.k() + (shape.transposeA() ? p * shape.m() + i : i * shape.k() + p);
                int right = q * shape.k() * shape.n() + (shape.transposeB() ? j * shape.k() + p : p * shape.n() + j);
                sum += (long) (a[left] * b[right]);
            }
            if (c[at] != sum) {
                throw new IllegalStateException(
                        "C[" + i + ", " + j + "] of " + shape + " is " + c[at] + "; it must be " + sum);
            }
        }
    }
}
