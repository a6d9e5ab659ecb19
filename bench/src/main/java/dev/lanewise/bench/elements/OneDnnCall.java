package dev.lanewise.bench.elements;

import java.util.Locale;

/**
 * The primitive of oneDNN that does the same. Its arguments are the operands of the operation, in the order in which {@link
 * Kind} has them.
 *
 * @param kind which primitive
 * @param algorithm the number of {@code dnnl_alg_kind_t} in {@code dnnl_types.h}
 * @param alpha the algorithm's first number
 * @param beta the algorithm's second number
 */
public record OneDnnCall(Kind kind, int algorithm, float alpha, float beta) {
    /** A primitive, and in which order the operands are its arguments. */
    public enum Kind {
        /** {@code dnnl_eltwise_forward}: source, destination. */
        ELTWISE_FORWARD,

        /** {@code dnnl_eltwise_backward}: source or, by its {@code use_dst} algorithms, destination; two gradients. */
        ELTWISE_BACKWARD,

        /** {@code dnnl_softmax_forward}, along the last axis: source, destination. */
        SOFTMAX_FORWARD,

        /** {@code dnnl_softmax_backward}, along the last axis: destination, its gradient, that of the source. */
        SOFTMAX_BACKWARD,

        /** {@code dnnl_reduction} to the axes of the second operand: source, destination. */
        REDUCTION,

        /** {@code dnnl_binary}: two sources, destination. */
        BINARY;

        /**
         * Returns its name in the C API.
         *
         * @return such as {@code dnnl_eltwise_forward}
         */
        public String function() {
            return "dnnl_" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code dnnl_reduction_sum}. */
    public static final int REDUCTION_SUM = 0x2fff4;

    /** {@code dnnl_binary_add}. */
    public static final int BINARY_ADD = 0x1fff0;

    /** {@code dnnl_softmax_accurate}. */
    public static final int SOFTMAX = 0x30000;

    /**
     * Returns a call without numbers.
     *
     * @param kind which primitive
     * @param algorithm the number of {@code dnnl_alg_kind_t}
     * @return the call
     */
    public static OneDnnCall of(Kind kind, int algorithm) {
        return new OneDnnCall(kind, algorithm, 0, 0);
    }
}
