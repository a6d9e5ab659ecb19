package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * A call of {@link Matmul} whose arguments have been checked: finds the arrays of each product, and the values that its
 * sums start from.
 *
 * @param what the description
 * @param shape the sizes
 * @param a the left factor
 * @param alpha factor of the right one
 * @param b holds the right factor: rows as they are stored, or panels
 * @param b0 index of its first element
 * @param inPanels whether B is in panels
 * @param bias what the sums of each column start from; null where it is beta C
 * @param c the result
 */
record MatmulRun(
        Matmul what,
        MatmulShape shape,
        Tensor a,
        float alpha,
        float[] b,
        int b0,
        boolean inPanels,
        Tensor bias,
        Tensor c) {
    /** Returns the call with a tensor. */
    static MatmulRun of(Matmul what, MatmulShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        return new MatmulRun(what, shape, a, what.alpha(), b.array(), b.offset(), false, bias, c);
    }

    /** Returns the call with a packed matrix; a narrow one holds rows. */
    static MatmulRun of(Matmul what, MatmulShape shape, Tensor a, PackedMatrix b, Tensor bias, Tensor c) {
        boolean inPanels = !FloatGemm.isNarrow(b.columns());
        return new MatmulRun(what, shape, a, what.alpha(), b.panels(), 0, inPanels, bias, c);
    }

    /** Computes all products. */
    void run(Parallelism parallelism, Workspace workspace) {
        if (inPanels && alpha != 0 && alpha != 1) {
            Workspace.Mark mark = workspace.mark();
            withScaledPanels(workspace).run(parallelism, workspace);
            workspace.release(mark);
        } else if (shape.batch() == 1) {
            product(0, parallelism, workspace);
        } else {
            GemmBatch.forEach(shape.batch(), shape.work(), parallelism, workspace, this::product);
        }
    }

    /** Panels are packed without alpha; each element is multiplied by it here as packing does elsewhere. */
    private MatmulRun withScaledPanels(Workspace workspace) {
        float[] scaled = workspace.floats(b.length);
        for (int i = 0; i < b.length; i++) {
            scaled[i] = alpha * b[i];
        }
        return new MatmulRun(what, shape, a, 1, scaled, 0, true, bias, c);
    }

    private void product(int q, Parallelism parallelism, Workspace workspace) {
        int m = shape.m();
        int n = shape.n();
        // If alpha is 0, the factors are not read.
        int k = alpha == 0 ? 0 : shape.k();
        int a0 = a.offset() + q * shape.strideA();
        int lda = a.shape().extent(-1);
        int c0 = c.offset() + q * m * n;
        float beta = what.beta();
        if (beta != 0 && beta != 1) {
            FloatBlas.scale(beta, m, n, c.array(), c0, n);
        }
        float[] s = bias != null ? bias.array() : beta != 0 ? c.array() : null;
        int s0 = bias != null ? bias.offset() : c0;
        int sRow = bias != null ? 0 : n;
        FloatProduct.Finish finish = what.epilogue().of(c, q * m * n, n);
        if (inPanels) {
            FloatGemm.runPanels(
                    what.transposeA(),
                    m,
                    n,
                    k,
                    a.array(),
                    a0,
                    lda,
                    b,
                    s,
                    s0,
                    sRow,
                    c.array(),
                    c0,
                    n,
                    finish,
                    parallelism,
                    workspace);
            return;
        }
        FloatGemm.run(
                what.transposeA(),
                what.transposeB(),
                m,
                n,
                k,
                alpha,
                a.array(),
                a0,
                lda,
                b,
                b0 + q * shape.strideB(),
                what.transposeB() ? shape.k() : n,
                s,
                s0,
                sRow,
                c.array(),
                c0,
                n,
                finish,
                parallelism,
                workspace);
    }
}
