package dev.lanewise.kernels;

import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/** What the updates of optimizers demand of their arguments, checked before anything is written. */
final class UpdateChecks {
    private UpdateChecks() {}

    /**
     * Refuses a gradient that is not one of the parameters.
     *
     * @param operation the update, for the message
     * @param w the parameters
     * @param g their gradients
     * @throws ShapeMismatchException if the shapes differ
     * @throws IllegalArgumentException if they overlap
     */
    static void gradient(String operation, Tensor w, Tensor g) {
        Checks.sameShape(operation, "w", w, "g", g);
        Checks.apart(operation, "g", g, "w", w);
    }

    /**
     * Refuses state that is not one of the parameters.
     *
     * @param operation the update, for the message
     * @param w the parameters
     * @param g their gradients
     * @param name what the update calls the state
     * @param state what is kept from step to step
     * @throws ShapeMismatchException if the shapes differ
     * @throws IllegalArgumentException if it overlaps parameters or gradients
     */
    static void state(String operation, Tensor w, Tensor g, String name, Tensor state) {
        Checks.sameShape(operation, "w", w, name, state);
        Checks.apart(operation, "w", w, name, state);
        Checks.apart(operation, "g", g, name, state);
    }

    /**
     * Refuses a share that is kept of a mean if the mean would never change.
     *
     * @param operation the update, for the message
     * @param name what the update calls the share
     * @param beta the share
     * @throws IllegalArgumentException if it is not at least 0 and less than 1
     */
    static void beta(String operation, String name, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw new IllegalArgumentException(
                    operation + ": " + name + " is " + beta + "; it must be at least 0 and less than 1");
        }
    }

    /**
     * Refuses a share that is kept of a mean.
     *
     * @param operation the update, for the message
     * @param decay the share
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    static void decay(String operation, double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException(operation + ": decay is " + decay + "; it must be from 0 to 1");
        }
    }

    /**
     * Computes what stays of parameters that shrink by themselves.
     *
     * @param operation the update, for the message
     * @param learningRate the learning rate
     * @param weightDecay the weight decay
     * @return {@code 1 - learningRate weightDecay}, rounded to float once
     * @throws IllegalArgumentException if the weight decay is negative, infinite or NaN, or their product is above 1,
     *     which would turn signs
     */
    static float stay(String operation, double learningRate, double weightDecay) {
        Checks.finite(operation, "weight decay", weightDecay);
        if (learningRate * weightDecay > 1) {
            throw new IllegalArgumentException(operation + ": learning rate " + learningRate + " times weight decay "
                    + weightDecay + " is " + learningRate * weightDecay + "; it must be at most 1");
        }
        return (float) (1 - learningRate * weightDecay);
    }
}
