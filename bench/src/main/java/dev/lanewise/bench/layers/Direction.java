package dev.lanewise.bench.layers;

import java.util.Locale;

/** What of a layer is computed. */
public enum Direction {
    /** The output, of images and weights. */
    FORWARD,

    /** The gradient of the images. */
    BACKWARD_DATA,

    /** The gradient of the weights. */
    BACKWARD_WEIGHTS;

    /**
     * Returns the name on the command line.
     *
     * @return such as {@code backward-data}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
