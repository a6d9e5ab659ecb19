package dev.lanewise.nn.train;

/**
 * When to stop because the network no longer gets better on the validation examples.
 *
 * @param patience after how many epochs in a row without a better one to stop; 0 to never stop early
 * @param quantity what is compared
 * @param restoreBest whether the network ends with the weights of its best epoch instead of its last
 */
public record EarlyStopping(int patience, Quantity quantity, boolean restoreBest) {
    /** Never stops early; the network ends with the weights of its last epoch. */
    public static final EarlyStopping NEVER = new EarlyStopping(0, Quantity.VALIDATION_LOSS, false);

    /** What is compared. */
    public enum Quantity {
        /** The mean loss over the validation examples; less is better. */
        VALIDATION_LOSS,
        /** The share of validation examples that are recognised; more is better. */
        VALIDATION_ACCURACY;

        /** Returns the quantity of an epoch. */
        double of(EpochResult epoch) {
            return this == VALIDATION_LOSS ? epoch.validationLoss() : epoch.validationAccuracy();
        }

        /** Tells whether a value is better than another; NaN is better than nothing and everything better than NaN. */
        boolean better(double value, double than) {
            return Double.isNaN(than) ? !Double.isNaN(value) : this == VALIDATION_LOSS ? value < than : value > than;
        }
    }

    /** Checks the patience. */
    public EarlyStopping {
        if (patience < 0) {
            throw new IllegalArgumentException("early stopping: patience is " + patience + "; it must be at least 0");
        }
    }

    /**
     * Returns early stopping on the validation loss that restores the best weights.
     *
     * @param patience after how many epochs in a row without a better one to stop; at least 0
     * @return the rule
     */
    public static EarlyStopping afterEpochs(int patience) {
        return new EarlyStopping(patience, Quantity.VALIDATION_LOSS, true);
    }
}
