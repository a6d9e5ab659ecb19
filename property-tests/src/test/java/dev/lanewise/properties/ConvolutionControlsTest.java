package dev.lanewise.properties;

import static dev.lanewise.properties.ConvolutionChecks.checkAdjoint;
import static dev.lanewise.properties.ConvolutionChecks.checkBits;
import static dev.lanewise.properties.ConvolutionChecks.checkExact;
import static dev.lanewise.properties.ConvolutionChecks.checkResidual;
import static dev.lanewise.properties.ConvolutionChecks.checkThreads;
import static dev.lanewise.properties.ConvolutionChecks.checkTruth;
import static dev.lanewise.properties.ConvolutionChecks.real;
import static dev.lanewise.properties.ConvolutionChecks.truth;
import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.properties.ConvolutionCase.Channels;
import dev.lanewise.properties.ConvolutionCase.Kernel;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Kernels that are wrong on purpose: each must be caught by the checks. */
class ConvolutionControlsTest {
    private static final Kernel REAL = ConvolutionChecks::real;

    /** Padding on one side only, two groups, partly filled tiles. */
    private static final ConvolutionCase UNEVEN = new ConvolutionCase(
            new WindowAxis(9, 3, 1, 1, 0, 1),
            new WindowAxis(8, 2, 2, 0, 1, 2),
            new Channels(2, 3, 17),
            5,
            Activation.IDENTITY,
            true,
            3,
            11);

    @Test
    void catchesALostTap() {
        Kernel lossy = (convolution, call, threads, workspace) -> {
            if (call.pass() == Pass.WEIGHT_GRADIENT) {
                float last = call.result().array()[lastOf(call.result())];
                real(convolution, call, threads, workspace);
                call.result().array()[lastOf(call.result())] = last;
            } else {
                Tensor w =
                        Tensor.of(call.right().toArray(), call.right().shape().toArray());
                w.array()[lastOf(w)] = 0;
                real(convolution, call.withRight(w), threads, workspace);
            }
        };
        for (Pass pass : Pass.values()) {
            assertCaughtByReferences(lossy, pass);
            assertCaughtByAdjointness(lossy, pass);
        }
    }

    @Test
    void catchesPaddingOnTheWrongSide() {
        Kernel shifted = (convolution, call, threads, workspace) -> {
            ConvolutionGeometry g = convolution.geometry();
            ConvolutionGeometry wrong = g.withPadding(g.padBottom(), g.padRight(), g.padTop(), g.padLeft());
            real(Convolution.of(wrong, 9, 8), call, threads, workspace);
        };
        for (Pass pass : Pass.values()) {
            assertCaughtByReferences(shifted, pass);
            assertCaughtByAdjointness(shifted, pass);
        }
    }

    /** As if products with zeros added nothing: but they make +0 of -0, and NaN where a weight is infinite. */
    @Test
    void catchesZerosThatAddNothing() {
        WindowAxis axis = new WindowAxis(4, 3, 1, 1, 1, 1);
        ConvolutionCase bordered =
                new ConvolutionCase(axis, axis, new Channels(1, 33, 5), 6, Activation.IDENTITY, false, 0, 3);
        Kernel leaving = (convolution, call, threads, workspace) -> {
            float[] x = call.left().toArray();
            float[] w = call.right().toArray();
            float[] y = new float[call.result().size()];
            for (int i = 0; i < y.length; i++) {
                int pixel = i / 5;
                for (int tap = 0; tap < 9 * 33; tap++) {
                    int row = pixel / 4 % 4 - 1 + tap / 99;
                    int column = pixel % 4 - 1 + tap / 33 % 3;
                    if (row >= 0 && row < 4 && column >= 0 && column < 4) {
                        int from = (pixel / 16 * 16 + row * 4 + column) * 33 + tap % 33;
                        y[i] = Math.fma(x[from], w[tap * 5 + i % 5], y[i]);
                    }
                }
            }
            System.arraycopy(y, 0, call.result().array(), call.result().offset(), y.length);
        };
        checkBits(REAL, bordered, Pass.FORWARD, Values::tiny, Pools.ONE);
        assertCaught(() -> checkBits(leaving, bordered, Pass.FORWARD, Values::tiny, Pools.ONE));
        // The wrong kernel is right where no zero matters.
        checkBits(leaving, bordered, Pass.FORWARD, Values::normal, Pools.ONE);
    }

    @Test
    void catchesGroupsTakenInTurn() {
        // Output channels dealt out to the groups in turn instead of in equal parts.
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
            assertCaughtByReferences(dealing, pass);
            assertCaughtByAdjointness(dealing, pass);
        }
    }

    @Test
    void catchesALostBiasOrActivation() {
        Kernel unbiased =
                (convolution, call, threads, workspace) -> real(convolution, call.withoutBias(), threads, workspace);
        assertCaughtByReferences(unbiased, Pass.FORWARD);
        Kernel linear = (convolution, call, threads, workspace) -> convolution.forward(
                call.left(), call.right(), call.bias(), Activation.IDENTITY, call.result(), threads, workspace);
        assertCaught(() -> checkBits(linear, UNEVEN.with(Activation.SIGMOID), Pass.FORWARD, Values::normal, Pools.ONE));
    }

    @Test
    void catchesALostResidual() {
        ConvolutionCase bent = UNEVEN.with(Activation.RELU);
        checkResidual(ConvolutionChecks::withResidual, bent, Pools.ONE);
        assertCaught(() -> checkResidual(
                (convolution, call, residual, threads) ->
                        ConvolutionChecks.withResidual(convolution, call, null, threads),
                bent,
                Pools.ONE));
        // Added after the activation.
        assertCaught(() -> checkResidual(
                (convolution, call, residual, threads) -> {
                    ConvolutionChecks.withResidual(convolution, call, null, threads);
                    for (int i = 0; i < residual.size(); i++) {
                        call.result().array()[call.result().offset() + i] += residual.array()[i];
                    }
                },
                bent,
                Pools.ONE));
    }

    @Test
    void catchesAnOverwrittenWeightGradient() {
        Kernel overwriting = (convolution, call, threads, workspace) -> {
            call.result().fill(0);
            real(convolution, call, threads, workspace);
        };
        assertCaughtByReferences(overwriting, Pass.WEIGHT_GRADIENT);
    }

    @Test
    void catchesAnotherOrderOfTheSum() {
        // Images one by one into the gradient, as a loop without chunks would; exact all the same on integers.
        Kernel unchunked = (convolution, call, threads, workspace) -> {
            for (int image = 0; image < UNEVEN.batch(); image++) {
                convolution.weightGradient(
                        call.left().slice(image, image + 1),
                        call.right().slice(image, image + 1),
                        call.result(),
                        threads,
                        workspace);
            }
        };
        assertCaught(() -> checkBits(unchunked, UNEVEN, Pass.WEIGHT_GRADIENT, Values::normal, Pools.ONE));
        checkExact(unchunked, UNEVEN, Pass.WEIGHT_GRADIENT);
        Kernel byThreads = (convolution, call, threads, workspace) ->
                (threads.threads() == 1 ? REAL : unchunked).run(convolution, call, threads, workspace);
        assertCaught(() -> checkThreads(byThreads, UNEVEN, Pass.WEIGHT_GRADIENT));
    }

    @Test
    void catchesPaddingLeftOut() {
        // The textbook's sums, which skip the border: right for every finite value.
        Kernel skipping = (convolution, call, threads, workspace) -> {
            float[] y = narrow(truth(UNEVEN, call, false));
            System.arraycopy(y, 0, call.result().array(), call.result().offset(), y.length);
        };
        for (Pass pass : new Pass[] {Pass.FORWARD, Pass.INPUT_GRADIENT}) {
            checkTruth(skipping, UNEVEN, pass);
            BiFunction<Random, Integer, float[]> infinite = (random, size) -> {
                float[] values = Values.integers(random, size);
                values[size / 2] = Float.POSITIVE_INFINITY;
                return values;
            };
            checkBits(skipping, UNEVEN, pass, Values::integers, Pools.ONE);
            assertCaught(() -> checkBits(skipping, UNEVEN, pass, infinite, Pools.ONE));
        }
    }

    @Test
    void catchesWritesOutsideTheResult() {
        Kernel careless = (convolution, call, threads, workspace) -> {
            real(convolution, call, threads, workspace);
            call.result().array()[lastOf(call.result()) + 1] = 0;
        };
        for (Pass pass : Pass.values()) {
            assertCaught(() -> checkBits(careless, UNEVEN, pass, Values::normal, Pools.ONE));
        }
    }

    private static void assertCaughtByReferences(Kernel wrong, Pass pass) {
        assertCaught(() -> checkBits(wrong, UNEVEN, pass, Values::normal, Pools.ONE));
        assertCaught(() -> checkTruth(wrong, UNEVEN, pass));
        assertCaught(() -> checkExact(wrong, UNEVEN, pass));
    }

    private static void assertCaughtByAdjointness(Kernel wrong, Pass pass) {
        Kernel onlyHere = (convolution, call, threads, workspace) ->
                (call.pass() == pass ? wrong : REAL).run(convolution, call, threads, workspace);
        assertCaught(() -> checkAdjoint(onlyHere, UNEVEN));
    }

    private static int lastOf(Tensor tensor) {
        return tensor.offset() + tensor.size() - 1;
    }

    private static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
