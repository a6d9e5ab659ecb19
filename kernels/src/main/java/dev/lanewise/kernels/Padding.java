package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Runs;
import java.util.Arrays;

/** Copies part of an image with zeros where it reaches over the border. */
final class Padding {
    private Padding() {}

    /**
     * Copies rows of an image {@code [height, width, channels]}.
     *
     * @param mirrored whether each copied row goes from the right to the left; it is then followed by up to a vector of anything
     * @param source holds the image
     * @param source0 where it starts
     * @param height its rows
     * @param width its columns
     * @param channels its channels
     * @param firstRow the first row to copy; it may lie above the image
     * @param rows how many rows, which may reach below the image
     * @param left columns of zeros before each row
     * @param paddedWidth columns of a copied row, zeros included
     * @param target receives {@code [rows, paddedWidth, channels]}
     * @param target0 where to
     */
    static void copy(
            boolean mirrored,
            float[] source,
            int source0,
            int height,
            int width,
            int channels,
            int firstRow,
            int rows,
            int left,
            int paddedWidth,
            float[] target,
            int target0) {
        int paddedFloats = paddedWidth * channels;
        int rowFloats = Math.min(width, paddedWidth - left) * channels;
        for (int row = 0; row < rows; row++) {
            int to = target0 + row * paddedFloats;
            int from = firstRow + row;
            if (from < 0 || from >= height) {
                Arrays.fill(target, to, to + paddedFloats, 0);
                continue;
            }
            int before = left * channels;
            int start = to + (mirrored ? paddedFloats - rowFloats - before : before);
            Arrays.fill(target, to, start, 0);
            if (mirrored) {
                mirror(source, source0 + from * width * channels, channels, target, start, rowFloats);
            } else {
                System.arraycopy(source, source0 + from * width * channels, target, start, rowFloats);
            }
            Arrays.fill(target, start + rowFloats, to + paddedFloats, 0);
        }
    }

    /** Copies the pixels of a row, the last one first. */
    private static void mirror(float[] source, int source0, int channels, float[] target, int target0, int floats) {
        for (int at = 0; at < floats; at += channels) {
            Runs.copy(source, source0 + floats - channels - at, target, target0 + at, channels);
        }
    }
}
