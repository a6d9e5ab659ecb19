package dev.lanewise.kernels;

/**
 * An operation on two numbers, with its gradients.
 *
 * <table>
 * <caption>Operations; ties of MIN and MAX are a's, and where a or b is NaN, so are result and gradients</caption>
 * <tr><th>name</th><th>y</th><th>da</th><th>db</th></tr>
 * <tr><td>ADD</td><td>a + b</td><td>dy</td><td>dy</td></tr>
 * <tr><td>SUBTRACT</td><td>a - b</td><td>dy</td><td>-dy</td></tr>
 * <tr><td>MULTIPLY</td><td>a b</td><td>dy b</td><td>dy a</td></tr>
 * <tr><td>DIVIDE</td><td>a / b</td><td>dy / b</td><td>-dy (a / b) / b</td></tr>
 * <tr><td>MIN</td><td>the smaller, -0 before +0</td><td>dy where a &lt;= b, otherwise 0</td><td>dy where a &gt; b, otherwise 0</td></tr>
 * <tr><td>MAX</td><td>the larger, +0 before -0</td><td>dy where a &gt;= b, otherwise 0</td><td>dy where a &lt; b, otherwise 0</td></tr>
 * </table>
 */
public enum BinaryOperation {
    /** {@code a + b}. */
    ADD,
    /** {@code a - b}. */
    SUBTRACT,
    /** {@code a b}. */
    MULTIPLY,
    /** {@code a / b}. */
    DIVIDE,
    /** The smaller of a and b, as {@link Math#min(float, float)}. */
    MIN,
    /** The larger of a and b, as {@link Math#max(float, float)}. */
    MAX
}
