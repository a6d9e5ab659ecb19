package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.Placed;
import dev.lanewise.kernels.DoubleBlas;
import dev.lanewise.kernels.FloatBlas;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/** The products in Lanewise. */
public final class LanewiseGemm implements GemmLibrary {
    /** Its name on the command line. */
    public static final String NAME = Libraries.OURS;

    /** Creates it, for {@link java.util.ServiceLoader}. */
    public LanewiseGemm() {}

    @Override
    public String name() {
        return NAME;
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
    public boolean offers(Operation operation, GemmShape shape) {
        return true;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        return switch (operation) {
            case MATMUL -> new Floats(shape, a, b, threads);
            case DGEMM -> new Doubles(shape, a, b, threads);
            case GEMV -> new Vectors(shape, a, b, threads);
        };
    }

    /** What all three have. */
    private abstract static class Ours implements Product {
        final Workspace workspace = new Workspace();
        final Workspace memory = new Workspace();
        final Parallelism parallelism;
        final boolean transposeA;
        final boolean transposeB;
        final int m;
        final int n;
        final int k;
        final int lda;
        final int ldb;
        final int batch;

        Ours(GemmShape shape, int threads) {
            parallelism = Parallelism.of(threads);
            transposeA = shape.transposeA();
            transposeB = shape.transposeB();
            m = shape.m();
            n = shape.n();
            k = shape.k();
            lda = transposeA ? m : k;
            ldb = transposeB ? k : n;
            batch = shape.batch();
        }

        final Tensor placed(double[] elements) {
            return Placed.copy(Elements.floats(elements), Shape.of(elements.length), memory);
        }

        @Override
        public void close() {
            parallelism.close();
        }
    }

    private static final class Floats extends Ours {
        private final Tensor a;
        private final Tensor b;
        private final Tensor c;

        Floats(GemmShape shape, double[] a, double[] b, int threads) {
            super(shape, threads);
            this.a = placed(a);
            this.b = placed(b);
            this.c = memory.tensor(m * n * batch);
        }

        @Override
        public void run() {
            if (batch == 1) {
                FloatBlas.gemm(
                        transposeA,
                        transposeB,
                        m,
                        n,
                        k,
                        1,
                        a.array(),
                        a.offset(),
                        lda,
                        b.array(),
                        b.offset(),
                        ldb,
                        0,
                        c.array(),
                        c.offset(),
                        n,
                        parallelism,
                        workspace);
            } else {
                FloatBlas.gemmBatched(
                        transposeA,
                        transposeB,
                        m,
                        n,
                        k,
                        1,
                        a.array(),
                        a.offset(),
                        lda,
                        m * k,
                        b.array(),
                        b.offset(),
                        ldb,
                        k * n,
                        0,
                        c.array(),
                        c.offset(),
                        n,
                        m * n,
                        batch,
                        parallelism,
                        workspace);
            }
        }

        @Override
        public double[] result() {
            return Elements.doubles(c.toArray());
        }
    }

    private static final class Doubles extends Ours {
        private final double[] a;
        private final double[] b;
        private final double[] c;

        Doubles(GemmShape shape, double[] a, double[] b, int threads) {
            super(shape, threads);
            this.a = a.clone();
            this.b = b.clone();
            this.c = new double[m * n * batch];
        }

        @Override
        public void run() {
            if (batch == 1) {
                DoubleBlas.gemm(
                        transposeA, transposeB, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, c, 0, n, parallelism, workspace);
            } else {
                DoubleBlas.gemmBatched(
                        transposeA,
                        transposeB,
                        m,
                        n,
                        k,
                        1,
                        a,
                        0,
                        lda,
                        m * k,
                        b,
                        0,
                        ldb,
                        k * n,
                        0,
                        c,
                        0,
                        n,
                        m * n,
                        batch,
                        parallelism,
                        workspace);
            }
        }

        @Override
        public double[] result() {
            return c.clone();
        }
    }

    private static final class Vectors extends Ours {
        private final Tensor a;
        private final Tensor x;
        private final Tensor y;

        Vectors(GemmShape shape, double[] a, double[] x, int threads) {
            super(shape, threads);
            this.a = placed(a);
            this.x = placed(x);
            this.y = memory.tensor(m);
        }

        @Override
        public void run() {
            int rows = transposeA ? k : m;
            int columns = transposeA ? m : k;
            FloatBlas.gemv(
                    transposeA,
                    rows,
                    columns,
                    1,
                    a.array(),
                    a.offset(),
                    lda,
                    x.array(),
                    x.offset(),
                    0,
                    y.array(),
                    y.offset(),
                    parallelism,
                    workspace);
        }

        @Override
        public double[] result() {
            return Elements.doubles(y.toArray());
        }
    }
}
