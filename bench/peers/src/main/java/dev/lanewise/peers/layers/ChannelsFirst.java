package dev.lanewise.peers.layers;

/** Between Lanewise's layouts and those where a channel is contiguous. */
final class ChannelsFirst {
    private ChannelsFirst() {}

    /** Copies {@code [batch, pixels, channels]} to {@code [batch, channels, pixels]}. */
    static float[] images(float[] ours, int batch, int pixels, int channels) {
        return swapped(ours, batch, pixels, channels);
    }

    /** Copies {@code [batch, channels, pixels]} to {@code [batch, pixels, channels]}. */
    static float[] back(float[] theirs, int batch, int pixels, int channels) {
        return swapped(theirs, batch, channels, pixels);
    }

    /** Copies {@code [positions, in, out]} to {@code [out, in, positions]}. */
    static float[] weights(float[] ours, int positions, int in, int out) {
        float[] theirs = new float[ours.length];
        for (int i = 0; i < ours.length; i++) {
            int position = i / (in * out);
            int ci = i / out % in;
            theirs[(i % out * in + ci) * positions + position] = ours[i];
        }
        return theirs;
    }

    private static float[] swapped(float[] values, int count, int rows, int columns) {
        float[] swapped = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int n = i / (rows * columns);
            int row = i / columns % rows;
            swapped[(n * columns + i % columns) * rows + row] = values[i];
        }
        return swapped;
    }
}
