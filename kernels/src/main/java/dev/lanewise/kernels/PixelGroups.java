package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Pixels;
import dev.lanewise.kernels.micro.Tiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Groups the pixels of a strip by the steps of a run that are in the image: at its border, part of the kernel lies outside, and its
 * products need not be taken.
 *
 * @param images images taken together
 * @param imagePixels pixels of the strip in the tables, of each image
 * @param rows rows of the strip, or of all strips but the last
 * @param columns its columns
 * @param pixels offset of each pixel, image after image
 * @param targets where its sums go, likewise
 * @param channels steps of a position of the kernel
 */
record PixelGroups(int images, int imagePixels, int rows, int columns, int[] pixels, int[] targets, int channels) {
    /** Of fewer pixels tiles have few rows, or waste some: what is left out does not make up for it. */
    private static final int LEAST_PIXELS = 6;

    /** Tells whether a row or column of the image lies under a row or column of the kernel. */
    @FunctionalInterface
    interface Meeting {
        boolean test(int pixel, int kernel);
    }

    /** Some columns of a strip, which have the same positions of a run in the image. */
    private record Columns(int from, int to, List<Integer> columns) {}

    /**
     * Returns the groups of each strip and run. A strip that meets the border as the one before shares its groups.
     *
     * @param allRows rows of all strips, each of which has as many as this but the last
     * @param kernelRows rows of the kernel that reach these pixels
     * @param kernelColumns its columns that do
     * @param joined whether all columns under a row of the kernel are one run, not each one of its own
     * @param down whether a row of all meets the image under a row of the kernel
     * @param across whether a column meets it under a column of the kernel
     * @return for each strip and run its groups, those of the most steps first
     */
    Pixels[][][] ofStrips(
            int allRows, int kernelRows, int kernelColumns, boolean joined, Meeting down, Meeting across) {
        Pixels[][][] strips = new Pixels[Math.ceilDiv(allRows, rows)][][];
        for (int strip = 0; strip < strips.length; strip++) {
            int first = strip * rows;
            int count = Math.min(rows, allRows - first);
            if (strip > 0 && count == rows && isAlike(first, kernelRows, down)) {
                strips[strip] = strips[strip - 1];
                continue;
            }
            PixelGroups some = new PixelGroups(images, imagePixels, count, columns, pixels, targets, channels);
            strips[strip] =
                    some.of(kernelRows, kernelColumns, joined, (row, kernel) -> down.test(first + row, kernel), across);
        }
        return strips;
    }

    /** Whether the rows of a strip meet the image as those of the strip before do. */
    private boolean isAlike(int first, int kernelRows, Meeting down) {
        for (int row = first; row < first + rows; row++) {
            for (int kernel = 0; kernel < kernelRows; kernel++) {
                if (down.test(row, kernel) != down.test(row - rows, kernel)) {
                    return false;
                }
            }
        }
        return true;
    }

    private Pixels[][] of(int kernelRows, int kernelColumns, boolean joined, Meeting down, Meeting across) {
        int parts = joined ? 1 : kernelColumns;
        Pixels[][] runs = new Pixels[kernelRows * parts][];
        for (int run = 0; run < runs.length; run++) {
            int first = joined ? 0 : run % parts;
            runs[run] = ofRun(run / parts, first, joined ? kernelColumns : 1, down, across);
        }
        return runs;
    }

    /** From how many images together on all groups that take steps have enough pixels. */
    static int leastImages(Pixels[][][] strips) {
        int least = Integer.MAX_VALUE;
        for (Pixels[][] runs : strips) {
            for (Pixels[] groups : runs) {
                for (Pixels group : groups) {
                    least = group.from() < group.to() ? Math.min(least, group.each()) : least;
                }
            }
        }
        return Math.ceilDiv(LEAST_PIXELS, least);
    }

    /** How many products of a step and a pixel of an image all strips leave out. */
    static long leftOut(Pixels[][][] strips, int run) {
        long count = 0;
        for (Pixels[][] runs : strips) {
            for (Pixels[] groups : runs) {
                for (Pixels group : groups) {
                    count += (long) group.each() * (run - (group.to() - group.from()));
                }
            }
        }
        return count;
    }

    private Pixels[] ofRun(int kernelRow, int kernelColumn, int positions, Meeting down, Meeting across) {
        List<Integer> inside = new ArrayList<>();
        List<Integer> outside = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            (down.test(row, kernelRow) ? inside : outside).add(row);
        }
        List<Pixels> groups = new ArrayList<>();
        if (!inside.isEmpty()) {
            for (Columns some : columns(inside.size(), kernelColumn, positions, across)) {
                groups.add(group(inside, some.columns, some.from * channels, some.to * channels));
            }
        }
        if (!outside.isEmpty()) {
            groups.add(group(outside, all(), positions * channels, positions * channels));
        }
        groups.sort(Comparator.comparingInt(group -> group.from() - group.to()));
        return groups.toArray(Pixels[]::new);
    }

    private List<Integer> all() {
        List<Integer> all = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            all.add(column);
        }
        return all;
    }

    /** Columns by the positions that are in the image; all as if they were, where too few pixels have less. */
    private List<Columns> columns(int rowsInside, int kernelColumn, int positions, Meeting across) {
        List<Columns> groups = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            int from = 0;
            while (from < positions && !across.test(column, kernelColumn + from)) {
                from++;
            }
            int to = from;
            while (to < positions && across.test(column, kernelColumn + to)) {
                to++;
            }
            int first = from;
            int end = to;
            Columns group = groups.stream()
                    .filter(some -> some.from == first && some.to == end)
                    .findFirst()
                    .orElse(null);
            if (group == null) {
                group = new Columns(first, end, new ArrayList<>());
                groups.add(group);
            }
            group.columns.add(column);
        }
        boolean tooFew = groups.stream().anyMatch(some -> some.columns.size() * rowsInside * images < LEAST_PIXELS);
        return tooFew ? List.of(new Columns(0, positions, all())) : groups;
    }

    private Pixels group(List<Integer> rows, List<Integer> columns, int from, int to) {
        int each = rows.size() * columns.size();
        int[] places = new int[Tiles.wholeTiles(images * each)];
        int[] goals = new int[places.length];
        int count = 0;
        for (int image = 0; image < images; image++) {
            for (int row : rows) {
                for (int column : columns) {
                    int pixel = image * imagePixels + row * this.columns + column;
                    places[count] = pixels[pixel];
                    goals[count++] = targets[pixel];
                }
            }
        }
        return new Pixels(each, places, goals, from, to);
    }
}
