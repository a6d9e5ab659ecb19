package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.AdaptiveUpdates;
import dev.lanewise.kernels.Clipping;
import dev.lanewise.kernels.DecoupledUpdates;
import dev.lanewise.kernels.Dropout;
import dev.lanewise.kernels.Losses;
import dev.lanewise.kernels.Penalties;
import dev.lanewise.kernels.Updates;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Kernels that are wrong on purpose: each must be caught by the checks. */
class ElementWiseControlsTest {
    private static final int SIZE = 1025;
    private static final long SEED = 3;

    private static float[] normal() {
        return Values.normal(new Random(SEED), SIZE);
    }

    @Test
    void catchesALostLastElement() {
        for (ElementWise kernel : ElementWise.all()) {
            Trial trial = kernel.trial(SIZE, SEED, Values::normal);
            Trial lossy = trial.with((tensors, threads, workspace) -> {
                Tensor result = lastWritten(trial, tensors);
                int last = result.offset() + result.size() - 1;
                float before = result.array()[last];
                trial.kernel().run(tensors, threads, workspace);
                // Half way to what it should be: neither old nor new.
                float after = result.array()[last];
                result.array()[last] = Float.isNaN(after) ? 0 : before == after ? before + 1 : before;
            });
            assertCaught(() -> lossy.checkBits(0, Pools.ONE));
            assertCaught(lossy::checkTruth);
        }
    }

    @Test
    void catchesASmallError() {
        for (ElementWise kernel : ElementWise.all()) {
            Trial trial = kernel.trial(SIZE, SEED, Values::normal);
            Trial inexact = trial.with((tensors, threads, workspace) -> {
                trial.kernel().run(tensors, threads, workspace);
                Tensor result = lastWritten(trial, tensors);
                for (int i = result.offset(); i < result.offset() + result.size(); i++) {
                    result.array()[i] *= 1.0001f;
                }
            });
            assertCaught(() -> inexact.checkBits(0, Pools.ONE));
            assertCaught(inexact::checkTruth);
        }
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        for (ElementWise kernel : ElementWise.all()) {
            Trial trial = kernel.trial(SIZE, SEED, Values::normal);
            assertCaught(() -> trial.with((tensors, threads, workspace) -> {
                        trial.kernel().run(tensors, threads, workspace);
                        Tensor result = lastWritten(trial, tensors);
                        result.array()[result.offset()] += threads.threads() > 1 ? 1 : 0;
                    })
                    .checkThreads());
        }
    }

    @Test
    void catchesAWrittenArgumentAndAWrittenGuard() {
        for (ElementWise kernel : ElementWise.all()) {
            Trial trial = kernel.trial(SIZE, SEED, Values::normal);
            assertCaught(() -> trial.with((tensors, threads, workspace) -> {
                        trial.kernel().run(tensors, threads, workspace);
                        Tensor result = lastWritten(trial, tensors);
                        result.array()[result.offset() + result.size()] = 0;
                    })
                    .checkBits(0, Pools.ONE));
            for (int i = 0; i < trial.arguments().size(); i++) {
                int argument = i;
                if (!trial.arguments().get(i).written()) {
                    assertCaught(() -> trial.with((tensors, threads, workspace) -> {
                                trial.kernel().run(tensors, threads, workspace);
                                tensors[argument].fill(0.5f);
                            })
                            .checkBits(0, Pools.ONE));
                }
            }
        }
    }

    @Test
    void catchesScratchMemoryThatIsKept() {
        Trial trial = LossTrials.squaredError(normal(), normal());
        assertCaught(() -> trial.with((tensors, threads, workspace) -> {
                    trial.kernel().run(tensors, threads, workspace);
                    workspace.tensor(1);
                })
                .checkBits(0, Pools.ONE));
    }

    @Test
    void catchesAnotherFunction() {
        Trial sigmoid = ActivationTrials.forward(Activation.SIGMOID, normal());
        assertCaughtByBoth(sigmoid.with((t, p, w) -> Activations.forward(Activation.TANH, t[0], t[1], p)));
        Trial tanhGradient = ActivationTrials.gradient(Activation.TANH, normal(), normal());
        assertCaughtByBoth(
                tanhGradient.with((t, p, w) -> Activations.gradient(Activation.SIGMOID, t[0], t[1], t[1], p)));
        Trial squaredError = LossTrials.squaredError(normal(), normal());
        assertCaughtByBoth(
                squaredError.with((t, p, w) -> t[3].fill(Losses.binaryCrossEntropy(t[0], t[1], t[2], p, w))));
    }

    @Test
    void catchesAReluThatLosesNaN() {
        Trial relu = ActivationTrials.forward(Activation.RELU, new float[] {1, Float.NaN, -1});
        relu.checkBits(0, Pools.ONE);
        assertCaught(() -> relu.with((t, p, w) -> {
                    t[1].copyFrom(Tensor.of(new float[] {1, 0, 0}, 3));
                })
                .checkBits(0, Pools.ONE));
    }

    @Test
    void catchesDropoutOfAnotherKeyRateOrScale() {
        Trial dropout = DropoutTrials.apply(normal(), 0.5f, 7);
        assertCaughtByBoth(dropout.with((t, p, w) -> Dropout.apply(t[0], t[1], 0.5f, 8, p)));
        assertCaughtByBoth(dropout.with((t, p, w) -> Dropout.apply(t[0], t[1], 0.51f, 7, p)));
        assertCaughtByBoth(dropout.with((t, p, w) -> {
            Dropout.apply(t[0], t[1], 0.5f, 7, p);
            for (int i = 0; i < SIZE; i++) {
                t[1].array()[t[1].offset() + i] *= 0.5f;
            }
        }));
    }

    @Test
    void catchesTheOtherPenalty() {
        assertCaughtByBoth(PenaltyTrials.l1(normal(), normal()).with((t, p, w) -> Penalties.l2(t[0], t[1], 0.013, p)));
        assertCaughtByBoth(PenaltyTrials.l2Value(normal())
                .with((t, p, w) -> t[1].fill(2 * Penalties.l2Value(t[0], 0.013, p, w))));
    }

    @Test
    void catchesWrongClipping() {
        assertCaughtByBoth(ClippingTrials.byValue(normal()).with((t, p, w) -> Clipping.byValue(t[0], 0.8, p)));
        assertCaughtByBoth(ClippingTrials.scale(normal()).with((t, p, w) -> Clipping.byValue(t[0], 0.7, p)));
        Trial sum = ClippingTrials.squareSum(normal());
        // A sum in float.
        assertCaughtByBoth(sum.with((t, p, w) -> ClippingTrials.split(t[1], Penalties.l2Value(t[0], 2, p, w))));
    }

    @Test
    void catchesAnotherUpdate() {
        Trial nesterov = UpdateTrials.momentum(SIZE, new Random(SEED), Values::normal, true);
        assertCaughtByBoth(nesterov.with(
                (t, p, w) -> Updates.sgd(t[0], t[1], t[2], UpdateTrials.RATE, UpdateTrials.MOMENTUM, false, p)));
        Trial adam = UpdateTrials.adam(SIZE, new Random(SEED), Values::normal, 1);
        // Without the correction of the bias, as at a late step.
        assertCaughtByBoth(adam.with((t, p, w) -> Updates.adam(
                t[0],
                t[1],
                t[2],
                t[3],
                UpdateTrials.RATE,
                UpdateTrials.BETA1,
                UpdateTrials.BETA2,
                UpdateTrials.EPSILON,
                100_000,
                p)));
        Trial rmsProp = UpdateTrials.rmsProp(SIZE, new Random(SEED), Values::normal);
        assertCaughtByBoth(rmsProp.with(
                (t, p, w) -> Updates.rmsProp(t[0], t[1], t[2], UpdateTrials.RATE, UpdateTrials.DECAY, 0.001, p)));
    }

    @Test
    void catchesAnotherAdaptiveUpdate() {
        double rate = UpdateTrials.RATE;
        double beta1 = UpdateTrials.BETA1;
        double beta2 = UpdateTrials.BETA2;
        double epsilon = UpdateTrials.EPSILON;
        Trial adagrad = AdaptiveUpdateTrials.adagrad(SIZE, new Random(SEED), Values::normal);
        assertCaughtByBoth(
                adagrad.with((t, p, w) -> Updates.rmsProp(t[0], t[1], t[2], rate, UpdateTrials.DECAY, epsilon, p)));
        Trial adadelta = AdaptiveUpdateTrials.adadelta(SIZE, new Random(SEED), Values::normal);
        assertCaughtByBoth(adadelta.with(
                (t, p, w) -> AdaptiveUpdates.adadelta(t[0], t[1], t[3], t[2], rate, UpdateTrials.DECAY, epsilon, p)));
        Trial amsGrad = AdaptiveUpdateTrials.amsGrad(SIZE, new Random(SEED), Values::normal, 3);
        // Without the maximum.
        assertCaughtByBoth(
                amsGrad.with((t, p, w) -> Updates.adam(t[0], t[1], t[2], t[3], rate, beta1, beta2, epsilon, 3, p)));
        Trial adamW = AdaptiveUpdateTrials.adamW(SIZE, new Random(SEED), Values::normal, 3);
        // Without the decay.
        assertCaughtByBoth(
                adamW.with((t, p, w) -> Updates.adam(t[0], t[1], t[2], t[3], rate, beta1, beta2, epsilon, 3, p)));
        Trial lion = AdaptiveUpdateTrials.lion(SIZE, new Random(SEED), Values::normal);
        assertCaughtByBoth(lion.with((t, p, w) ->
                DecoupledUpdates.lion(t[0], t[1], t[2], rate, beta2, beta1, AdaptiveUpdateTrials.WEIGHT_DECAY, p)));
    }

    private static void assertCaughtByBoth(Trial wrong) {
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }

    private static Tensor lastWritten(Trial trial, Tensor[] tensors) {
        int last = tensors.length - 1;
        while (!trial.arguments().get(last).written()) {
            last--;
        }
        return tensors[last];
    }
}
