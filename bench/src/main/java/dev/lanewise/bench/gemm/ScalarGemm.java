package dev.lanewise.bench.gemm;

/** The loops that one writes first: what a library is worth shows beside them. */
public final class ScalarGemm implements GemmLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public ScalarGemm() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String version() {
        return "three loops in Java " + System.getProperty("java.version") + ", one thread";
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean offers(Operation operation, GemmShape shape) {
        return operation != Operation.DGEMM && shape.batch() == 1;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        float[] left = Elements.floats(a);
        float[] right = Elements.floats(b);
        float[] c = new float[shape.m() * shape.n()];
        return new Product() {
            @Override
            public void run() {
                multiply(shape, left, right, c);
            }

            @Override
            public double[] result() {
                return Elements.doubles(c);
            }

            @Override
            public void close() {}
        };
    }

    private static void multiply(GemmShape shape, float[] a, float[] b, float[] c) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        int aRow = shape.transposeA() ? 1 : k;
        int aStep = shape.transposeA() ? m : 1;
        int bStep = shape.transposeB() ? 1 : n;
        int bColumn = shape.transposeB() ? k : 1;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[i * aRow + p * aStep] * b[p * bStep + j * bColumn];
                }
                c[i * n + j] = sum;
            }
        }
    }
}
