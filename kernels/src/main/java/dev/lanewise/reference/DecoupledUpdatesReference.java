package dev.lanewise.reference;

/**
 * The updates of optimizers whose weight decay is no part of the gradient, one number at a time; parameters and state change
 * in place. The {@code double} versions are the definitions of PyTorch 2 and of Lion's paper and say what is true, the
 * {@code float} versions which bits.
 */
public final class DecoupledUpdatesReference {
    private DecoupledUpdatesReference() {}

    /**
     * Takes a step of AdamW: {@code w *= 1 - learningRate weightDecay}, then a step of Adam.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param v the mean of their squares
     * @param learningRate the learning rate
     * @param beta1 how much of m stays
     * @param beta2 how much of v stays
     * @param epsilon added to the root
     * @param weightDecay the weight decay
     * @param step the number of this step, from 1
     */
    public static void adamW(
            double[] w,
            double[] g,
            double[] m,
            double[] v,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step) {
        for (int i = 0; i < w.length; i++) {
            w[i] *= 1 - learningRate * weightDecay;
        }
        UpdatesReference.adam(w, g, m, v, learningRate, beta1, beta2, epsilon, step);
    }

    /**
     * Takes a step of AdamW with the kernel's bits: {@code w = stay w}, {@code stay = 1 - learningRate weightDecay} rounded
     * from double, then a step of Adam.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param v the mean of their squares
     * @param learningRate the learning rate
     * @param beta1 how much of m stays
     * @param beta2 how much of v stays
     * @param epsilon added to the root
     * @param weightDecay the weight decay
     * @param step the number of this step, from 1
     */
    public static void adamW(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step) {
        for (int i = 0; i < w.length; i++) {
            w[i] *= (float) (1 - learningRate * weightDecay);
        }
        UpdatesReference.adam(w, g, m, v, learningRate, beta1, beta2, epsilon, step);
    }

    /**
     * Takes a step of Lion: {@code c = beta1 m + (1 - beta1) g; w = (1 - learningRate weightDecay) w - learningRate
     * sign(c); m = beta2 m + (1 - beta2) g}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param learningRate the learning rate
     * @param beta1 how much of m counts in the step
     * @param beta2 how much of m stays
     * @param weightDecay the weight decay
     */
    public static void lion(
            double[] w, double[] g, double[] m, double learningRate, double beta1, double beta2, double weightDecay) {
        for (int i = 0; i < w.length; i++) {
            double sign = Math.signum(beta1 * m[i] + (1 - beta1) * g[i]);
            w[i] = (1 - learningRate * weightDecay) * w[i] - learningRate * sign;
            m[i] = beta2 * m[i] + (1 - beta2) * g[i];
        }
    }

    /**
     * Takes a step of Lion with the kernel's bits: {@code c = fma(rest1, g, beta1 m)}, {@code w = fma(-learningRate,
     * sign(c), stay w)}, {@code m = fma(rest2, g, beta2 m)}; {@code rest = 1 - beta} and {@code stay = 1 - learningRate
     * weightDecay} are rounded from double.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param learningRate the learning rate
     * @param beta1 how much of m counts in the step
     * @param beta2 how much of m stays
     * @param weightDecay the weight decay
     */
    public static void lion(
            float[] w, float[] g, float[] m, double learningRate, double beta1, double beta2, double weightDecay) {
        float stay = (float) (1 - learningRate * weightDecay);
        for (int i = 0; i < w.length; i++) {
            float sign = Math.signum(Math.fma((float) (1 - beta1), g[i], (float) beta1 * m[i]));
            w[i] = Math.fma(-(float) learningRate, sign, stay * w[i]);
            m[i] = Math.fma((float) (1 - beta2), g[i], (float) beta2 * m[i]);
        }
    }
}
