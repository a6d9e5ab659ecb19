package dev.lanewise.bench.pictures;

/**
 * One channel of an image.
 *
 * @param values the pixels, row after row
 * @param height rows
 * @param width columns
 */
record Plane(float[] values, int height, int width) {
    /** What becomes of a pixel. */
    @FunctionalInterface
    interface Mapping {
        float apply(float value);
    }

    float at(int y, int x) {
        return values[y * width + x];
    }

    Plane map(Mapping mapping) {
        float[] mapped = new float[values.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = mapping.apply(values[i]);
        }
        return new Plane(mapped, height, width);
    }

    Plane part(int top, int left, int rows, int columns) {
        float[] part = new float[rows * columns];
        for (int y = 0; y < rows; y++) {
            System.arraycopy(values, (top + y) * width + left, part, y * columns, columns);
        }
        return new Plane(part, rows, columns);
    }

    /** The image as it was seen, from what the camera stored: Exif's orientations 1 to 8 turn and mirror it. */
    Plane upright(int orientation) {
        Plane turned = orientation >= 5 ? transpose() : this;
        boolean mirrored = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        boolean headDown = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        return mirrored || headDown ? turned.flip(mirrored, headDown) : turned;
    }

    private Plane flip(boolean acrossWidth, boolean acrossHeight) {
        float[] flipped = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                flipped[y * width + x] = at(acrossHeight ? height - 1 - y : y, acrossWidth ? width - 1 - x : x);
            }
        }
        return new Plane(flipped, height, width);
    }

    /** Each pixel becomes the mean of the area it covers: exact, and free of the moire that sampling leaves. */
    Plane scale(int rows, int columns) {
        if (rows == height && columns == width) {
            return this;
        }
        return new Plane(scaleRows(values, height, width, columns), height, columns)
                .transpose()
                .scaleWidth(rows)
                .transpose();
    }

    private Plane scaleWidth(int columns) {
        return new Plane(scaleRows(values, height, width, columns), height, columns);
    }

    private static float[] scaleRows(float[] values, int height, int width, int columns) {
        float[] scaled = new float[height * columns];
        double step = (double) width / columns;
        for (int x = 0; x < columns; x++) {
            double from = x * step;
            double to = Math.min(width, from + step);
            for (int y = 0; y < height; y++) {
                double sum = 0;
                for (int i = (int) from; i < to; i++) {
                    sum += values[y * width + i] * (Math.min(to, i + 1) - Math.max(from, i));
                }
                scaled[y * columns + x] = (float) (sum / (to - from));
            }
        }
        return scaled;
    }

    private Plane transpose() {
        float[] turned = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                turned[x * height + y] = values[y * width + x];
            }
        }
        return new Plane(turned, width, height);
    }

    /** In the middle of a black plane, at least as large as this one. */
    Plane centredOnBlack(int rows, int columns) {
        float[] larger = new float[rows * columns];
        int top = (rows - height) / 2;
        int left = (columns - width) / 2;
        for (int y = 0; y < height; y++) {
            System.arraycopy(values, y * width, larger, (top + y) * columns + left, width);
        }
        return new Plane(larger, rows, columns);
    }
}
