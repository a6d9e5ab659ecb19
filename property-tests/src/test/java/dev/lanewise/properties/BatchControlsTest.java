package dev.lanewise.properties;

import static dev.lanewise.properties.BatchChecks.checkBits;
import static dev.lanewise.properties.BatchChecks.checkExact;
import static dev.lanewise.properties.BatchChecks.checkNotANumber;
import static dev.lanewise.properties.BatchChecks.checkThreads;
import static dev.lanewise.properties.BatchChecks.checkTruth;
import static dev.lanewise.properties.MatmulChecks.real;
import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.properties.BatchCase.Factors;
import dev.lanewise.properties.MatmulCase.Kernel;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Batches that are wrong on purpose: each must be caught by the checks. */
class BatchControlsTest {
    private static final MatmulCase PRODUCT =
            new MatmulCase(17, 35, 33, 0, StartValue.TARGET, Activation.IDENTITY, 3, 17);
    private static final BatchCase BATCHES = new BatchCase(PRODUCT, Factors.BATCHES, 3, 0.7f, -1.3f, true);

    private static void assertAllCatch(Kernel wrong, BatchCase x) {
        assertCaught(() -> checkBits(wrong, x, Values::normal, Pools.ONE));
        assertCaught(() -> checkTruth(wrong, x));
        assertCaught(() -> checkExact(wrong, x));
    }

    @Test
    void catchesForgottenFactors() {
        Kernel noAlpha =
                (d, a, b, bias, c, threads, workspace) -> real(d.withAlpha(1), a, b, bias, c, threads, workspace);
        Kernel noBeta =
                (d, a, b, bias, c, threads, workspace) -> real(d.accumulating(), a, b, bias, c, threads, workspace);
        assertAllCatch(noAlpha, BATCHES);
        assertAllCatch(noBeta, BATCHES);
        assertAllCatch(noBeta, BATCHES.with(1, 0));
    }

    @Test
    void catchesTheWrongFactorOfABatch() {
        Kernel firstB = (d, a, b, bias, c, threads, workspace) ->
                real(d, a, b.slice(0, 1).reshape(b.shape().dropFirst()), bias, c, threads, workspace);
        Kernel firstA = (d, a, b, bias, c, threads, workspace) ->
                real(d, a.slice(0, 1).reshape(a.shape().dropFirst()), b, bias, c, threads, workspace);
        assertAllCatch(firstB, BATCHES);
        assertAllCatch(firstA, BATCHES);
        assertCaught(() -> checkNotANumber(firstA, BATCHES));
    }

    @Test
    void catchesALostProduct() {
        Kernel lossy = (d, a, b, bias, c, threads, workspace) -> {
            Tensor before = Tensor.of(c.toArray(), c.shape().toArray());
            real(d, a, b, bias, c, threads, workspace);
            c.slice(2, 3).copyFrom(before.slice(2, 3));
        };
        for (Factors factors : new Factors[] {Factors.BATCHES, Factors.ONE_A, Factors.ONE_B}) {
            assertAllCatch(lossy, BATCHES.with(factors));
        }
    }

    @Test
    void catchesALostResidual() {
        Kernel lossy = (d, a, b, bias, c, threads, workspace) ->
                real(BATCHES.plain().description(), a, b, bias, c, threads, workspace);
        assertCaught(() -> checkBits(lossy, BATCHES, Values::normal, Pools.ONE));
    }

    @Test
    void catchesWritesOutsideTheTarget() {
        Kernel careless = (d, a, b, bias, c, threads, workspace) -> {
            real(d, a, b, bias, c, threads, workspace);
            c.array()[c.offset() + c.size()] = 0;
        };
        assertCaught(() -> checkBits(careless, BATCHES, Values::normal, Pools.ONE));
    }

    @Test
    void catchesBitsThatDependOnTheThreads() {
        Kernel rounding = (d, a, b, bias, c, threads, workspace) -> {
            real(d, a, b, bias, c, threads, workspace);
            int middle = c.offset() + c.size() / 2;
            c.array()[middle] = threads.threads() == 1 ? c.array()[middle] : Math.nextUp(c.array()[middle]);
        };
        assertCaught(() -> checkThreads(rounding, BATCHES));
    }
}
