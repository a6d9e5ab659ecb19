package dev.lanewise.kernels;

/**
 * A function applied to each element, with its derivative. The derivative is written in terms of the result {@code y =
 * f(x)} where that is enough, so that a backward pass needs no inputs kept; of the others {@link #keepsInputs} is true.
 *
 * <table>
 * <caption>Functions, with s(x) = 1 / (1 + exp(-x)), Φ the normal distribution function and φ its density</caption>
 * <tr><th>name</th><th>f(x)</th><th>f'(x)</th><th>f(-inf)</th><th>f(-0)</th><th>f(+0)</th><th>f(+inf)</th></tr>
 * <tr><td>IDENTITY</td><td>x</td><td>1</td><td>-inf</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>RELU</td><td>max(x, 0)</td><td>1 where y &gt; 0, otherwise 0</td><td>0</td><td>0</td><td>0</td><td>inf</td></tr>
 * <tr><td>RELU6</td><td>min(max(x, 0), 6)</td><td>1 where 0 &lt; y &lt; 6, otherwise 0</td>
 *     <td>0</td><td>0</td><td>0</td><td>6</td></tr>
 * <tr><td>LEAKY_RELU</td><td>x where x &gt; 0, otherwise x/100</td><td>1 where y &gt; 0, otherwise 1/100</td>
 *     <td>-inf</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>ELU</td><td>x where x &gt; 0, otherwise exp(x) - 1</td><td>1 where y &gt; 0, otherwise y + 1</td>
 *     <td>-1</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>SELU</td><td>1.0507 x where x &gt; 0, otherwise 1.7581 (exp(x) - 1)</td>
 *     <td>1.0507 where y &gt; 0, otherwise y + 1.7581</td><td>-1.7581</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>GELU</td><td>x Φ(x)</td><td>Φ(x) + x φ(x)</td><td>-0</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>GELU_TANH</td><td>x s(v), v = 2 sqrt(2/π) (x + 0.044715 x³)</td><td>s(v) (1 + x v' s(-v))</td>
 *     <td>-0</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>SILU</td><td>x s(x)</td><td>s(x) (1 + x s(-x))</td><td>-0</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>MISH</td><td>x t, t = tanh(log(1 + exp(x)))</td><td>t + x s(x) (1 - t²)</td>
 *     <td>-0</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>HARD_SIGMOID</td><td>min(max(x + 3, 0), 6) / 6</td><td>1/6 where 0 &lt; y &lt; 1, otherwise 0</td>
 *     <td>0</td><td>1/2</td><td>1/2</td><td>1</td></tr>
 * <tr><td>HARD_SWISH</td><td>x min(max(x + 3, 0), 6) / 6</td><td>0 up to -3, 1 from 3 on, between them x/3 + 1/2</td>
 *     <td>-0</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>SOFTSIGN</td><td>x / (1 + |x|)</td><td>1 / (1 + |x|)²</td><td>-1</td><td>-0</td><td>0</td><td>1</td></tr>
 * <tr><td>SOFTPLUS</td><td>log(1 + exp(x))</td><td>s(x)</td><td>0</td><td>log 2</td><td>log 2</td><td>inf</td></tr>
 * <tr><td>SIGMOID</td><td>s(x)</td><td>y (1 - y)</td><td>0</td><td>1/2</td><td>1/2</td><td>1</td></tr>
 * <tr><td>TANH</td><td>tanh(x)</td><td>1 - y²</td><td>-1</td><td>-0</td><td>0</td><td>1</td></tr>
 * <tr><td>EXP</td><td>exp(x)</td><td>y</td><td>0</td><td>1</td><td>1</td><td>inf</td></tr>
 * <tr><td>EXPM1</td><td>exp(x) - 1</td><td>y + 1</td><td>-1</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>LOG</td><td>log(x)</td><td>1 / x</td><td>NaN</td><td>-inf</td><td>-inf</td><td>inf</td></tr>
 * <tr><td>LOG1P</td><td>log(1 + x)</td><td>1 / (1 + x)</td><td>NaN</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>SQRT</td><td>sqrt(x)</td><td>1 / (2y)</td><td>NaN</td><td>-0</td><td>0</td><td>inf</td></tr>
 * <tr><td>RECIPROCAL</td><td>1 / x</td><td>-y²</td><td>-0</td><td>-inf</td><td>inf</td><td>0</td></tr>
 * <tr><td>ERF</td><td>2/sqrt(π) times the integral of exp(-t²) from 0 to x</td><td>2/sqrt(π) exp(-x²)</td>
 *     <td>-1</td><td>-0</td><td>0</td><td>1</td></tr>
 * <tr><td>SIN</td><td>sin(x)</td><td>cos(x)</td><td>NaN</td><td>-0</td><td>0</td><td>NaN</td></tr>
 * <tr><td>COS</td><td>cos(x)</td><td>-sin(x)</td><td>NaN</td><td>1</td><td>1</td><td>NaN</td></tr>
 * </table>
 *
 * <p>A NaN stays a NaN under each of them; where the result is NaN, so is the derivative, but for the identity's. The
 * definitions are those of PyTorch 2 (torch.nn, torch.special); {@link Activations} has the errors.
 */
public enum Activation {
    /** {@code f(x) = x}. */
    IDENTITY(false),
    /** {@code f(x) = max(x, 0)}. */
    RELU(false),
    /** {@code f(x) = min(max(x, 0), 6)}. */
    RELU6(false),
    /** {@code f(x) = x} where that is positive, otherwise {@code x/100}; other slopes: {@link Activations#leakyRelu}. */
    LEAKY_RELU(false),
    /** {@code f(x) = x} where that is positive, otherwise {@code exp(x) - 1}; other factors: {@link Activations#elu}. */
    ELU(false),
    /** {@code f(x) = 1.0507 x} where that is positive, otherwise {@code 1.7581 (exp(x) - 1)}. */
    SELU(false),
    /** {@code f(x) = x Φ(x)}. */
    GELU(true),
    /** {@code f(x) = x (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2}. */
    GELU_TANH(true),
    /** {@code f(x) = x / (1 + exp(-x))}, also called swish. */
    SILU(true),
    /** {@code f(x) = x tanh(log(1 + exp(x)))}. */
    MISH(true),
    /** {@code f(x) = min(max(x + 3, 0), 6) / 6}. */
    HARD_SIGMOID(false),
    /** {@code f(x) = x min(max(x + 3, 0), 6) / 6}. */
    HARD_SWISH(true),
    /** {@code f(x) = x / (1 + |x|)}. */
    SOFTSIGN(true),
    /** {@code f(x) = log(1 + exp(x))}. */
    SOFTPLUS(true),
    /** {@code f(x) = 1 / (1 + exp(-x))}. */
    SIGMOID(false),
    /** {@code f(x) = tanh(x)}. */
    TANH(false),
    /** {@code f(x) = exp(x)}. */
    EXP(false),
    /** {@code f(x) = exp(x) - 1}. */
    EXPM1(false),
    /** {@code f(x) = log(x)}, the natural logarithm. */
    LOG(true),
    /** {@code f(x) = log(1 + x)}. */
    LOG1P(true),
    /** {@code f(x) = sqrt(x)}. */
    SQRT(false),
    /** {@code f(x) = 1 / x}. */
    RECIPROCAL(false),
    /** {@code f(x) = erf(x)}. */
    ERF(true),
    /** {@code f(x) = sin(x)}, x in radians. */
    SIN(true),
    /** {@code f(x) = cos(x)}, x in radians. */
    COS(true);

    private final boolean keepsInputs;

    Activation(boolean keepsInputs) {
        this.keepsInputs = keepsInputs;
    }

    /**
     * Tells what the gradient is computed from, and so what a forward pass has to keep.
     *
     * @return true for the inputs, false for the results
     */
    public boolean keepsInputs() {
        return keepsInputs;
    }
}
