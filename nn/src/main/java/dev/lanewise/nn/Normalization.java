package dev.lanewise.nn;

/**
 * How the bytes of an image become inputs: {@code (byte / 255 - mean) / deviation}, the same for all channels.
 *
 * @param mean what is subtracted, on the scale 0 to 1; finite
 * @param deviation what is divided by, on the scale 0 to 1; finite and above 0
 */
public record Normalization(float mean, float deviation) {
    /** Leaves values on the scale from 0 to 1. */
    public static final Normalization NONE = new Normalization(0, 1);

    /** Checks the numbers. */
    public Normalization {
        if (!Float.isFinite(mean) || !Float.isFinite(deviation) || deviation <= 0) {
            throw new IllegalArgumentException("normalization: mean is " + mean + ", deviation is " + deviation
                    + "; both must be finite and the deviation above 0");
        }
    }

    /**
     * Returns the normalization that gives images a mean of 0 and a standard deviation of 1.
     *
     * @param pixels the bytes of all images, 0 to 255 unsigned
     * @return the mean and the deviation over all bytes; {@link #NONE}'s where there are none, and a deviation of 1
     *     where all are the same
     */
    public static Normalization of(byte[] pixels) {
        // Sums of integers are exact, so the result does not depend on the order of the images.
        long sum = 0;
        long squares = 0;
        for (byte pixel : pixels) {
            int value = pixel & 0xFF;
            sum += value;
            squares += (long) value * value;
        }
        if (pixels.length == 0) {
            return NONE;
        }
        double mean = (double) sum / pixels.length;
        double variance = Math.max(0, (double) squares / pixels.length - mean * mean);
        float deviation = (float) (Math.sqrt(variance) / 255);
        return new Normalization((float) (mean / 255), deviation > 0 ? deviation : 1);
    }

    /**
     * Returns the input for every value of a byte.
     *
     * @return 256 floats, indexed by the unsigned byte
     */
    public float[] table() {
        float[] table = new float[256];
        for (int value = 0; value < table.length; value++) {
            table[value] = (value / 255f - mean) / deviation;
        }
        return table;
    }
}
