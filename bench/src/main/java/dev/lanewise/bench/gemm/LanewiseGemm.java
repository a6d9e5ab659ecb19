package dev.lanewise.bench.gemm;

import dev.lanewise.kernels.Matmul;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/** The product in Lanewise. */
public final class LanewiseGemm implements GemmLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public LanewiseGemm() {}

    @Override
    public String name() {
        return "lanewise";
    }

    @Override
    public String version() {
        return "Lanewise, " + Lanes.LENGTH * Float.SIZE + "-bit vectors";
    }

    @Override
    public Product prepare(GemmShape shape, float[] a, float[] b, int threads) {
        Matmul matmul = shape.transposeA()
                ? shape.transposeB() ? Matmul.TT : Matmul.TN
                : shape.transposeB() ? Matmul.NT : Matmul.NN;
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        Tensor left = shape.transposeA() ? Tensor.of(a, k, m) : Tensor.of(a, m, k);
        Tensor right = shape.transposeB() ? Tensor.of(b, n, k) : Tensor.of(b, k, n);
        Tensor c = Tensor.zeros(m, n);
        Parallelism parallelism = Parallelism.of(threads);
        Workspace workspace = new Workspace();
        return new Product() {
            @Override
            public void run() {
                matmul.run(left, right, c, parallelism, workspace);
            }

            @Override
            public float[] result() {
                return c.toArray();
            }

            @Override
            public void close() {
                parallelism.close();
            }
        };
    }
}
