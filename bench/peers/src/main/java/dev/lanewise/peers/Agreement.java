package dev.lanewise.peers;

import dev.lanewise.bench.step.LanewiseStep;
import dev.lanewise.bench.step.StepData;
import java.util.List;

/** Checks that PyTorch and Lanewise compute the same step, before either is timed. */
final class Agreement {
    /** In the norm, for sums of up to 100,000 products in another order. */
    private static final double GRADIENTS = 1e-4;

    /**
     * For the weights below a maximum: of two pixels that are equal but for rounding, each library may choose another, and a
     * few in a million are.
     */
    private static final double BELOW_MAXIMUM = 3e-3;

    private static final int LAST_BELOW_MAXIMUM = 2;

    private static final double LOSS = 1e-5;

    private Agreement() {}

    /**
     * Takes two steps with both and compares losses and gradients; the second depends on the update of the first.
     *
     * @param step PyTorch's step, not yet run
     * @throws IllegalStateException if they disagree
     */
    static void check(PyTorchStep step) {
        step.keepGradients(true);
        try (LanewiseStep ours = new LanewiseStep(StepData.read(), 1)) {
            for (int i = 0; i < 2; i++) {
                float expected = ours.run();
                float actual = step.run();
                if (!(Math.abs(expected - actual) <= LOSS * expected)) {
                    throw new IllegalStateException(
                            "step " + i + ": loss is " + expected + " in Lanewise, " + actual + " in PyTorch");
                }
                compare(i, ours.gradients(), step.gradients());
            }
        } finally {
            step.keepGradients(false);
        }
    }

    private static void compare(int step, List<float[]> ours, List<float[]> theirs) {
        for (int p = 0; p < ours.size(); p++) {
            double size = 0;
            double error = 0;
            for (int i = 0; i < ours.get(p).length; i++) {
                size = Math.hypot(size, ours.get(p)[i]);
                error = Math.hypot(error, ours.get(p)[i] - theirs.get(p)[i]);
            }
            double bound = p <= LAST_BELOW_MAXIMUM ? BELOW_MAXIMUM : GRADIENTS;
            if (!(size > 0 && error <= bound * size) || theirs.get(p).length != ours.get(p).length) {
                throw new IllegalStateException("step " + step + ": the gradients of parameter " + p + " differ by "
                        + error + ", their norm is " + size);
            }
        }
    }
}
