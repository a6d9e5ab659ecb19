package dev.lanewise.nn.train;

import java.util.Arrays;

/** Which examples are for validation, and the order of the others: functions of the seed and the epoch alone. */
final class Order {
    /** Keeps the split's permutation apart from those of the epochs, which count from 0. */
    private static final long SPLIT = -1;

    private final int[] training;
    private final int[] validation;
    private final int[] shuffled;

    private Order(int[] training, int[] validation) {
        this.training = training;
        this.validation = validation;
        this.shuffled = training.clone();
    }

    /** Splits examples 0 .. size-1. There is at least one for validation if the share is not 0 and two exist. */
    static Order split(int size, double validationShare, long seed) {
        int kept = (int) Math.round(size * validationShare);
        if (validationShare > 0) {
            kept = Math.max(1, Math.min(kept, size - 1));
        }
        int[] all = ascending(size);
        shuffle(all, seed, SPLIT);
        int[] validation = Arrays.copyOf(all, size < 2 ? 0 : kept);
        int[] training = Arrays.copyOfRange(all, validation.length, size);
        Arrays.sort(validation);
        Arrays.sort(training);
        return new Order(training, validation);
    }

    /** Returns 0 .. size-1. */
    static int[] ascending(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }

    int[] validation() {
        return validation;
    }

    int trainingSize() {
        return training.length;
    }

    /** Returns the training examples in the order of an epoch; valid until the next call. */
    int[] ofEpoch(long seed, int epoch) {
        System.arraycopy(training, 0, shuffled, 0, training.length);
        shuffle(shuffled, seed, epoch);
        return shuffled;
    }

    /**
     * Shuffles by Fisher and Yates on the generator SplitMix64 (Steele, Lea and Flood 2014), written out here because
     * the order is part of what a seed means and must not change with the platform's generators.
     */
    private static void shuffle(int[] values, long seed, long stream) {
        long state = mix(mix(seed) + stream);
        for (int i = values.length - 1; i > 0; i--) {
            state += 0x9E3779B97F4A7C15L;
            // The upper 32 random bits times the bound: uneven by at most bound / 2^32, which no one can measure.
            int j = (int) ((mix(state) >>> 32) * (i + 1L) >>> 32);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
