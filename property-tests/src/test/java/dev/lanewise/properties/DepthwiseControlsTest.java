package dev.lanewise.properties;

import static dev.lanewise.properties.ConvolutionChecks.checkAdjoint;
import static dev.lanewise.properties.ConvolutionChecks.checkBits;
import static dev.lanewise.properties.ConvolutionChecks.checkExact;
import static dev.lanewise.properties.ConvolutionChecks.checkTruth;
import static dev.lanewise.properties.ConvolutionChecks.real;
import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.properties.ConvolutionCase.Channels;
import dev.lanewise.properties.ConvolutionCase.Kernel;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Depthwise kernels that are wrong on purpose, as they may well be: each must be caught by the checks. */
class DepthwiseControlsTest {
    private static final WindowAxis ROWS = new WindowAxis(6, 3, 1, 1, 1, 1);
    private static final WindowAxis COLUMNS = new WindowAxis(15, 3, 2, 1, 1, 1);

    private static ConvolutionCase of(int multiplier) {
        return new ConvolutionCase(ROWS, COLUMNS, new Channels(35, 1, multiplier), 3, Activation.IDENTITY, true, 1, 5);
    }

    /** Fails unless the checks catch a kernel whose result has one element changed. */
    private static void assertElementMatters(int multiplier, Pass pass, int element) {
        ConvolutionCase images = of(multiplier);
        Kernel wrong = (convolution, call, threads, workspace) -> {
            real(convolution, call, threads, workspace);
            if (call.pass() == pass) {
                Tensor result = call.result();
                int at = result.offset() + Math.floorMod(element, result.size());
                result.array()[at] += result.array()[at] == 0 ? 1 : result.array()[at];
            }
        };
        checkBits(ConvolutionChecks::real, images, pass, Values::normal, Pools.ONE);
        assertCaught(() -> checkBits(wrong, images, pass, Values::normal, Pools.ONE));
        assertCaught(() -> checkTruth(wrong, images, pass));
        assertCaught(() -> checkExact(wrong, images, pass));
    }

    @Test
    void catchesAWrongElementWhereTilesAndBlocksEnd() {
        for (Pass pass : Pass.values()) {
            for (int element : new int[] {0, 34, 35, 34 * 2 + 1, -1, -35}) {
                assertElementMatters(1, pass, element);
                assertElementMatters(2, pass, element);
            }
        }
    }

    @Test
    void catchesOutputsDealtToTheWrongChannel() {
        ConvolutionCase images = of(2);
        // As if output channel k inputs + c, not c outputs + k, belonged to input channel c.
        Kernel dealing = (convolution, call, threads, workspace) -> {
            Tensor w = Tensor.zeros(call.right().shape());
            int size = w.shape().extent(-1);
            for (int i = 0; i < w.size(); i++) {
                int column = i % size;
                int other = column % 2 * (size / 2) + column / 2;
                w.array()[i] = call.right().array()[call.right().offset() + i - column + other];
            }
            real(convolution, call.withRight(w), threads, workspace);
        };
        for (Pass pass : Pass.values()) {
            assertCaught(() -> checkBits(dealing, images, pass, Values::normal, Pools.ONE));
            assertCaught(() -> checkTruth(dealing, images, pass));
            Kernel onlyHere = (convolution, call, threads, workspace) -> {
                if (call.pass() == pass) {
                    dealing.run(convolution, call, threads, workspace);
                } else {
                    real(convolution, call, threads, workspace);
                }
            };
            assertCaught(() -> checkAdjoint(onlyHere, images));
        }
    }

    @Test
    void catchesAMirroredKernel() {
        ConvolutionCase images = of(1);
        Kernel mirrored = (convolution, call, threads, workspace) -> {
            Tensor w = Tensor.zeros(call.right().shape());
            int row = 35;
            for (int i = 0; i < w.size(); i++) {
                int tap = 8 - i / row;
                w.array()[i] = call.right().array()[call.right().offset() + tap * row + i % row];
            }
            real(convolution, call.withRight(w), threads, workspace);
        };
        for (Pass pass : new Pass[] {Pass.FORWARD, Pass.INPUT_GRADIENT}) {
            assertCaught(() -> checkBits(mirrored, images, pass, Values::normal, Pools.ONE));
            assertCaught(() -> checkTruth(mirrored, images, pass));
        }
    }

    @Test
    void catchesARowLeftToAnotherThread() {
        ConvolutionCase images = of(1);
        Kernel wrong = (convolution, call, threads, workspace) -> {
            real(convolution, call, threads, workspace);
            call.result().array()[call.result().offset() + 40] += threads.threads() > 1 ? 1 : 0;
        };
        for (Pass pass : Pass.values()) {
            assertCaught(() -> ConvolutionChecks.checkThreads(wrong, images, pass));
        }
    }
}
