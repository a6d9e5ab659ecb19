package dev.lanewise.kernels;

/**
 * What Adam and its relatives compute once for a step, in double ({@code StrictMath.pow}), and round to float once.
 *
 * @param rate {@code learningRate / (1 - beta1^step)}
 * @param keep1 {@code beta1}
 * @param rest1 {@code 1 - beta1}
 * @param keep2 {@code beta2}
 * @param rest2 {@code 1 - beta2}
 * @param root {@code 1 / sqrt(1 - beta2^step)}
 * @param least epsilon
 */
record AdamTerms(float rate, float keep1, float rest1, float keep2, float rest2, float root, float least) {
    /**
     * Checks the hyperparameters and computes the terms.
     *
     * @param operation the update, for the message
     * @param learningRate at least 0, finite
     * @param beta1 at least 0 and less than 1
     * @param beta2 at least 0 and less than 1
     * @param epsilon at least 0, finite
     * @param step from 1
     * @return the terms
     * @throws IllegalArgumentException if a number is out of range
     */
    static AdamTerms of(String operation, double learningRate, double beta1, double beta2, double epsilon, long step) {
        Checks.finite(operation, "learning rate", learningRate);
        Checks.finite(operation, "epsilon", epsilon);
        UpdateChecks.beta(operation, "beta1", beta1);
        UpdateChecks.beta(operation, "beta2", beta2);
        if (step < 1) {
            throw new IllegalArgumentException(operation + ": step is " + step + "; the first is 1");
        }
        return new AdamTerms(
                (float) (learningRate / (1 - StrictMath.pow(beta1, step))),
                (float) beta1,
                (float) (1 - beta1),
                (float) beta2,
                (float) (1 - beta2),
                (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, step))),
                (float) epsilon);
    }
}
