package dev.lanewise.kernels;

/**
 * A function applied to each element, and its derivative written in terms of the result {@code y = f(x)}, so that a
 * backward pass needs no inputs kept.
 *
 * <table>
 * <caption>Activations</caption>
 * <tr><th>name</th><th>f(x)</th><th>f'(x)</th><th>f(-inf), f(+inf)</th></tr>
 * <tr><td>IDENTITY</td><td>x</td><td>1</td><td>-inf, +inf</td></tr>
 * <tr><td>RELU</td><td>max(x, 0); +0 for -0</td><td>0 where y is 0, otherwise 1</td><td>0, +inf</td></tr>
 * <tr><td>SIGMOID</td><td>1 / (1 + exp(-x))</td><td>y (1 - y)</td><td>0, 1</td></tr>
 * <tr><td>TANH</td><td>tanh(x)</td><td>1 - y²</td><td>-1, 1</td></tr>
 * </table>
 *
 * <p>A NaN stays a NaN under each of them; where y is NaN, so is the derivative, but for the identity's.
 */
public enum Activation {
    /** {@code f(x) = x}. */
    IDENTITY,
    /** {@code f(x) = max(x, 0)}. */
    RELU,
    /** {@code f(x) = 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code f(x) = tanh(x)}. */
    TANH
}
