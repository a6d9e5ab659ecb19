package dev.lanewise.reference;

/**
 * The updates of optimizers that give each parameter a step of its own, one number at a time; parameters and state change in
 * place. The {@code double} versions are the definitions of PyTorch 2 and say what is true, the {@code float} versions
 * which bits.
 */
public final class AdaptiveUpdatesReference {
    private AdaptiveUpdatesReference() {}

    /**
     * Takes a step of Adagrad: {@code sum += g²; w -= learningRate g / (sqrt(sum) + epsilon)}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param sum the state
     * @param learningRate the learning rate
     * @param epsilon added to the root
     */
    public static void adagrad(double[] w, double[] g, double[] sum, double learningRate, double epsilon) {
        for (int i = 0; i < w.length; i++) {
            sum[i] += g[i] * g[i];
            w[i] -= learningRate * g[i] / (Math.sqrt(sum[i]) + epsilon);
        }
    }

    /**
     * Takes a step of Adagrad with the kernel's bits: {@code sum = fma(g, g, sum)}, {@code w = fma(-learningRate, g /
     * (sqrt(sum) + epsilon), w)}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param sum the state
     * @param learningRate the learning rate
     * @param epsilon added to the root
     */
    public static void adagrad(float[] w, float[] g, float[] sum, double learningRate, double epsilon) {
        for (int i = 0; i < w.length; i++) {
            sum[i] = Math.fma(g[i], g[i], sum[i]);
            float root = (float) Math.sqrt(sum[i]);
            w[i] = Math.fma(-(float) learningRate, g[i] / (root + (float) epsilon), w[i]);
        }
    }

    /**
     * Takes a step of Adadelta: {@code v = decay v + (1 - decay) g²; d = g sqrt(u + epsilon) / sqrt(v + epsilon); u = decay
     * u + (1 - decay) d²; w -= learningRate d}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param v the mean of their squares
     * @param u the mean of the squares of the changes
     * @param learningRate the learning rate
     * @param decay how much of the state stays
     * @param epsilon added under the roots
     */
    public static void adadelta(
            double[] w, double[] g, double[] v, double[] u, double learningRate, double decay, double epsilon) {
        for (int i = 0; i < w.length; i++) {
            v[i] = decay * v[i] + (1 - decay) * g[i] * g[i];
            double change = g[i] * Math.sqrt(u[i] + epsilon) / Math.sqrt(v[i] + epsilon);
            u[i] = decay * u[i] + (1 - decay) * change * change;
            w[i] -= learningRate * change;
        }
    }

    /**
     * Takes a step of Adadelta with the kernel's bits: {@code v = fma(rest g, g, decay v)}, {@code d = sqrt(u + epsilon) /
     * sqrt(v + epsilon) * g}, {@code u = fma(rest d, d, decay u)}, {@code w = fma(-learningRate, d, w)}, {@code rest = 1 -
     * decay} rounded from double.
     *
     * @param w the parameters
     * @param g their gradients
     * @param v the mean of their squares
     * @param u the mean of the squares of the changes
     * @param learningRate the learning rate
     * @param decay how much of the state stays
     * @param epsilon added under the roots
     */
    public static void adadelta(
            float[] w, float[] g, float[] v, float[] u, double learningRate, double decay, double epsilon) {
        float rest = (float) (1 - decay);
        float least = (float) epsilon;
        for (int i = 0; i < w.length; i++) {
            v[i] = Math.fma(rest * g[i], g[i], (float) decay * v[i]);
            float change = (float) Math.sqrt(u[i] + least) / (float) Math.sqrt(v[i] + least) * g[i];
            u[i] = Math.fma(rest * change, change, (float) decay * u[i]);
            w[i] = Math.fma(-(float) learningRate, change, w[i]);
        }
    }

    /**
     * Takes a step of AMSGrad: {@code m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; top = max(top, v); w -=
     * learningRate (m / c1) / (sqrt(top / c2) + epsilon)} with {@code c = 1 - beta^step}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param v the mean of their squares
     * @param top the largest v so far
     * @param learningRate the learning rate
     * @param beta1 how much of m stays
     * @param beta2 how much of v stays
     * @param epsilon added to the root
     * @param step the number of this step, from 1
     */
    public static void amsGrad(
            double[] w,
            double[] g,
            double[] m,
            double[] v,
            double[] top,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            long step) {
        double c1 = 1 - StrictMath.pow(beta1, step);
        double c2 = 1 - StrictMath.pow(beta2, step);
        for (int i = 0; i < w.length; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            top[i] = Math.max(top[i], v[i]);
            w[i] -= learningRate * (m[i] / c1) / (Math.sqrt(top[i] / c2) + epsilon);
        }
    }

    /**
     * Takes a step of AMSGrad with the kernel's bits: those of {@link UpdatesReference#adam(float[], float[], float[],
     * float[], double, double, double, double, long) Adam}, with {@code top = max(top, v)} in place of v under the root.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param v the mean of their squares
     * @param top the largest v so far
     * @param learningRate the learning rate
     * @param beta1 how much of m stays
     * @param beta2 how much of v stays
     * @param epsilon added to the root
     * @param step the number of this step, from 1
     */
    public static void amsGrad(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            float[] top,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            long step) {
        float rate = (float) (learningRate / (1 - StrictMath.pow(beta1, step)));
        float root = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, step)));
        float rest1 = (float) (1 - beta1);
        float rest2 = (float) (1 - beta2);
        for (int i = 0; i < w.length; i++) {
            m[i] = Math.fma(rest1, g[i], (float) beta1 * m[i]);
            v[i] = Math.fma(rest2 * g[i], g[i], (float) beta2 * v[i]);
            top[i] = Math.max(top[i], v[i]);
            float scale = Math.fma((float) Math.sqrt(top[i]), root, (float) epsilon);
            w[i] = Math.fma(-rate, m[i] / scale, w[i]);
        }
    }
}
