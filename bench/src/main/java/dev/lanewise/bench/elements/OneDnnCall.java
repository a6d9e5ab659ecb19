package dev.lanewise.bench.elements;

import java.util.Locale;

/**
 * The primitive of oneDNN that does the same. Its arguments are the operands of the operation, in the order in which {@link
 * Kind} has them.
 *
 * @param kind which primitive
 * @param algorithm the number of {@code dnnl_alg_kind_t} in {@code dnnl_types.h}; of a normalisation its {@code
 *     dnnl_normalization_flags_t}
 * @param alpha the algorithm's first number; of a normalisation its epsilon
 * @param beta the algorithm's second number; of a normalisation how many groups there are, or 0 for as many as channels
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
        BINARY,

        /**
         * {@code dnnl_layer_normalization_forward}: source, scale, shift if there is one, destination; or with a gradient of the
         * destination before the last, that and its backward.
         */
        LAYER_NORMALIZATION,

        /** {@code dnnl_batch_normalization_forward}: the same. */
        BATCH_NORMALIZATION,

        /** {@code dnnl_group_normalization_forward}: the same. */
        GROUP_NORMALIZATION;

        /**
         * Returns its name in the C API.
         *
         * @return such as {@code dnnl_eltwise_forward}; of a normalisation without a direction
         */
        public String function() {
            return "dnnl_" + name().toLowerCase(Locale.ROOT);
        }

        /**
         * Tells what has statistics of its own.
         *
         * @return whether it is a normalisation
         */
        public boolean isNormalization() {
            return this == LAYER_NORMALIZATION || this == BATCH_NORMALIZATION || this == GROUP_NORMALIZATION;
        }
    }

    /** {@code dnnl_use_scale}. */
    public static final int USE_SCALE = 0x2;

    /** {@code dnnl_use_shift}. */
    public static final int USE_SHIFT = 0x4;

    /** {@code dnnl_rms_norm}. */
    public static final int RMS = 0x20;

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
