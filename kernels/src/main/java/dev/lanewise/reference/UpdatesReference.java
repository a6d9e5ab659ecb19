package dev.lanewise.reference;

/**
 * The updates of optimizers, one number at a time; parameters and state change in place. The {@code double} versions are the
 * definitions of PyTorch 2 and say what is true, the {@code float} versions which bits.
 */
public final class UpdatesReference {
    private UpdatesReference() {}

    /**
     * Takes a step of SGD with momentum: {@code velocity = momentum velocity + g; w -= learningRate velocity}, or, with
     * Nesterov's, {@code w -= learningRate (g + momentum velocity)}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param velocity the state
     * @param learningRate the learning rate
     * @param momentum how much of a velocity stays
     * @param nesterov which
     */
    public static void sgd(
            double[] w, double[] g, double[] velocity, double learningRate, double momentum, boolean nesterov) {
        for (int i = 0; i < w.length; i++) {
            velocity[i] = momentum * velocity[i] + g[i];
            w[i] -= learningRate * (nesterov ? g[i] + momentum * velocity[i] : velocity[i]);
        }
    }

    /**
     * Takes a step of SGD with momentum with the kernel's bits: {@code velocity = fma(momentum, velocity, g)}, {@code w =
     * fma(-learningRate, velocity, w)}, with Nesterov's {@code w = fma(-learningRate, fma(momentum, velocity, g), w)};
     * without momentum the velocity stays as it is and {@code w = fma(-learningRate, g, w)}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param velocity the state
     * @param learningRate the learning rate
     * @param momentum how much of a velocity stays
     * @param nesterov which
     */
    public static void sgd(
            float[] w, float[] g, float[] velocity, double learningRate, double momentum, boolean nesterov) {
        float rate = (float) learningRate;
        float inertia = (float) momentum;
        for (int i = 0; i < w.length; i++) {
            if (momentum == 0) {
                w[i] = Math.fma(-rate, g[i], w[i]);
                continue;
            }
            velocity[i] = Math.fma(inertia, velocity[i], g[i]);
            float step = nesterov ? Math.fma(inertia, velocity[i], g[i]) : velocity[i];
            w[i] = Math.fma(-rate, step, w[i]);
        }
    }

    /**
     * Takes a step of RMSProp: {@code meanSquare = decay meanSquare + (1 - decay) g²; w -= learningRate g /
     * (sqrt(meanSquare) + epsilon)}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param meanSquare the state
     * @param learningRate the learning rate
     * @param decay how much of the state stays
     * @param epsilon added to the root
     */
    public static void rmsProp(
            double[] w, double[] g, double[] meanSquare, double learningRate, double decay, double epsilon) {
        for (int i = 0; i < w.length; i++) {
            meanSquare[i] = decay * meanSquare[i] + (1 - decay) * g[i] * g[i];
            w[i] -= learningRate * g[i] / (Math.sqrt(meanSquare[i]) + epsilon);
        }
    }

    /**
     * Takes a step of RMSProp with the kernel's bits: {@code meanSquare = fma(rest g, g, decay meanSquare)}, {@code w =
     * fma(-learningRate, g / (sqrt(meanSquare) + epsilon), w)}, {@code rest = 1 - decay} rounded from double.
     *
     * @param w the parameters
     * @param g their gradients
     * @param meanSquare the state
     * @param learningRate the learning rate
     * @param decay how much of the state stays
     * @param epsilon added to the root
     */
    public static void rmsProp(
            float[] w, float[] g, float[] meanSquare, double learningRate, double decay, double epsilon) {
        float rest = (float) (1 - decay);
        for (int i = 0; i < w.length; i++) {
            meanSquare[i] = Math.fma(rest * g[i], g[i], (float) decay * meanSquare[i]);
            float root = (float) Math.sqrt(meanSquare[i]);
            w[i] = Math.fma(-(float) learningRate, g[i] / (root + (float) epsilon), w[i]);
        }
    }

    /**
     * Takes a step of Adam: {@code m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w -= learningRate (m / c1) /
     * (sqrt(v / c2) + epsilon)} with {@code c = 1 - beta^step}.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param v the mean of their squares
     * @param learningRate the learning rate
     * @param beta1 how much of m stays
     * @param beta2 how much of v stays
     * @param epsilon added to the root
     * @param step the number of this step, from 1
     */
    public static void adam(
            double[] w,
            double[] g,
            double[] m,
            double[] v,
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
            w[i] -= learningRate * (m[i] / c1) / (Math.sqrt(v[i] / c2) + epsilon);
        }
    }

    /**
     * Takes a step of Adam with the kernel's bits: {@code m = fma(rest1, g, beta1 m)}, {@code v = fma(rest2 g, g, beta2
     * v)}, {@code w = fma(-rate, m / fma(sqrt(v), root, epsilon), w)}; {@code rate = learningRate / c1}, {@code root = 1 /
     * sqrt(c2)}, {@code rest = 1 - beta} are rounded from double.
     *
     * @param w the parameters
     * @param g their gradients
     * @param m the mean of the gradients
     * @param v the mean of their squares
     * @param learningRate the learning rate
     * @param beta1 how much of m stays
     * @param beta2 how much of v stays
     * @param epsilon added to the root
     * @param step the number of this step, from 1
     */
    public static void adam(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
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
            float scale = Math.fma((float) Math.sqrt(v[i]), root, (float) epsilon);
            w[i] = Math.fma(-rate, m[i] / scale, w[i]);
        }
    }
}
