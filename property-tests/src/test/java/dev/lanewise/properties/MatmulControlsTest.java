package dev.lanewise.properties;

import static dev.lanewise.properties.MatmulChecks.checkAdjoint;
import static dev.lanewise.properties.MatmulChecks.checkBits;
import static dev.lanewise.properties.MatmulChecks.checkExact;
import static dev.lanewise.properties.MatmulChecks.checkNotANumber;
import static dev.lanewise.properties.MatmulChecks.checkThreads;
import static dev.lanewise.properties.MatmulChecks.checkTruth;
import static dev.lanewise.properties.MatmulChecks.real;
import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Matrix products that are wrong on purpose: each must be caught by the checks. */
class MatmulControlsTest {
    /** Partly filled tiles in both directions, more than one block of columns, a product large enough for threads. */
    private static final MatmulCase LARGE = new MatmulCase(65, 131, 33, 0, StartValue.BIAS, Activation.RELU, 3, 17);

    @Test
    void catchesWrongBits() {
        Kernel descending = (d, a, b, bias, c, threads, workspace) -> sumDownwards(a, b, bias, c);
        assertCaught(() -> checkBits(descending, LARGE.with(Activation.IDENTITY), Values::normal, Pools.ONE));
        checkExact(descending, LARGE.with(Activation.IDENTITY));
        Kernel noActivation = (d, a, b, bias, c, threads, workspace) ->
                real(d.with(Activation.IDENTITY), a, b, bias, c, threads, workspace);
        assertCaught(() -> checkBits(noActivation, LARGE, Values::normal, Pools.ONE));
        Kernel noBias = (d, a, b, bias, c, threads, workspace) -> real(d, a, b, null, c, threads, workspace);
        assertCaught(() -> checkBits(noBias, LARGE, Values::normal, Pools.ONE));
        Kernel overwriting = (d, a, b, bias, c, threads, workspace) -> Matmul.NN.run(a, b, c, threads, workspace);
        MatmulCase accumulating = LARGE.with(StartValue.TARGET).with(Activation.IDENTITY);
        assertCaught(() -> checkBits(overwriting, accumulating, Values::normal, Pools.ONE));
    }

    @Test
    void catchesALostColumnOrRow() {
        for (boolean column : new boolean[] {true, false}) {
            Kernel lossy = (d, a, b, bias, c, threads, workspace) -> {
                real(d, a, b, bias, c, threads, workspace);
                int rows = c.shape().extent(0);
                int columns = c.shape().extent(1);
                for (int i = 0; i < (column ? rows : columns); i++) {
                    c.set(0, column ? i : rows - 1, column ? columns - 1 : i);
                }
            };
            MatmulCase plain = LARGE.with(Activation.IDENTITY);
            assertCaught(() -> checkBits(lossy, plain, Values::normal, Pools.ONE));
            assertCaught(() -> checkTruth(lossy, plain, Values::normal));
            assertCaught(() -> checkExact(lossy, plain));
            assertCaught(() -> checkAdjoint(lossy, plain));
        }
    }

    @Test
    void catchesAnErrorOfAFewTenThousandths() {
        Kernel imprecise = (d, a, b, bias, c, threads, workspace) -> {
            real(d, a, b, bias, c, threads, workspace);
            int middle = c.offset() + c.size() / 2;
            c.array()[middle] += 2e-4f;
        };
        assertCaught(() -> checkTruth(imprecise, LARGE.with(Activation.IDENTITY), Values::normal));
    }

    @Test
    void catchesWritesOutsideTheTarget() {
        for (boolean before : new boolean[] {true, false}) {
            Kernel careless = (d, a, b, bias, c, threads, workspace) -> {
                real(d, a, b, bias, c, threads, workspace);
                c.array()[before ? c.offset() - 1 : c.offset() + c.size()] = 0;
            };
            assertCaught(() -> checkBits(careless, LARGE, Values::normal, Pools.ONE));
        }
    }

    @Test
    void catchesBitsThatDependOnTheThreads() {
        Kernel splitting = (d, a, b, bias, c, threads, workspace) -> {
            if (threads.threads() == 1) {
                real(d, a, b, bias, c, threads, workspace);
            } else {
                sumDownwards(a, b, bias, c);
            }
        };
        assertCaught(() -> checkThreads(splitting, LARGE.with(Activation.IDENTITY)));
    }

    @Test
    void catchesASkippedZero() {
        // Skipping the zeros of a sparse factor looks harmless, and loses 0 * infinity.
        Kernel sparse = (d, a, b, bias, c, threads, workspace) -> {
            Tensor clean = Tensor.of(b.toArray(), b.shape().toArray());
            for (int i = 0; i < clean.size(); i++) {
                if (!Float.isFinite(clean.array()[i])) {
                    clean.array()[i] = 0;
                }
            }
            real(d, a, clean, bias, c, threads, workspace);
        };
        assertCaught(() -> checkNotANumber(sparse, LARGE.with(Activation.IDENTITY)));
        assertCaught(() -> checkBits(sparse, LARGE, Values::rarelySpecial, Pools.ONE));
    }

    private static void sumDownwards(Tensor a, Tensor b, Tensor bias, Tensor c) {
        for (int i = 0; i < c.shape().extent(0); i++) {
            for (int j = 0; j < c.shape().extent(1); j++) {
                float sum = bias.get(j);
                for (int p = a.shape().extent(1) - 1; p >= 0; p--) {
                    sum = Math.fma(a.get(i, p), b.get(p, j), sum);
                }
                c.set(sum, i, j);
            }
        }
    }
}
