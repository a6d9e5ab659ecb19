package dev.lanewise.bench.elements;

import java.util.Random;

/**
 * An array that goes into an operation or comes out of it.
 *
 * @param name what PyTorch's code calls it
 * @param use what is done with it
 * @param span its axes
 * @param draw what it holds before the first run
 */
public record Operand(String name, Use use, Span span, Draw draw) {
    /**
     * Different numbers of an array; more would only take longer to draw. A prime, so that columns do not repeat: of 65,536 numbers
     * a column of 32,768 would have two, and normalised by their deviation no gradient is left but rounding.
     */
    private static final int DRAWN = 65_521;

    /** What an operation does with an array. */
    public enum Use {
        /** Reads it. */
        READ,

        /** Reads it; it holds whole numbers. */
        INDICES,

        /** Overwrites it without reading it. */
        WRITTEN,

        /** Reads and overwrites it. */
        UPDATED
    }

    /**
     * Returns one of all axes that is read.
     *
     * @param name what PyTorch's code calls it
     * @param draw what it holds
     * @return the operand
     */
    public static Operand read(String name, Draw draw) {
        return new Operand(name, Use.READ, Span.ALL, draw);
    }

    /**
     * Returns one of all axes that is written.
     *
     * @param name what PyTorch's code calls it
     * @return the operand
     */
    public static Operand written(String name) {
        return written(name, Span.ALL);
    }

    /**
     * Returns one that is written.
     *
     * @param name what PyTorch's code calls it
     * @param span its axes
     * @return the operand
     */
    public static Operand written(String name, Span span) {
        return new Operand(name, Use.WRITTEN, span, Draw.ZERO);
    }

    /**
     * Returns one of all axes that is updated.
     *
     * @param name what PyTorch's code calls it
     * @param draw what it holds before the first run
     * @return the operand
     */
    public static Operand updated(String name, Draw draw) {
        return new Operand(name, Use.UPDATED, Span.ALL, draw);
    }

    /**
     * Tells results from what is only read.
     *
     * @return whether it is written
     */
    public boolean isResult() {
        return use == Use.WRITTEN || use == Use.UPDATED;
    }

    /**
     * Returns the bytes that have to be moved: each element once, or twice where it is updated.
     *
     * @param extents those of the problem
     * @return the bytes
     */
    double bytes(int[] extents) {
        return (double) Float.BYTES * span.size(extents) * (use == Use.UPDATED ? 2 : 1);
    }

    /** Draws its elements; what is written without being read starts as zeros. */
    float[] draw(Random random, int[] extents) {
        float[] array = new float[span.size(extents)];
        if (use != Use.WRITTEN) {
            int drawn = Math.min(DRAWN, array.length);
            for (int i = 0; i < drawn; i++) {
                array[i] = draw.next(random, extents);
            }
            for (int done = drawn; done < array.length; done += drawn) {
                System.arraycopy(array, 0, array, done, Math.min(drawn, array.length - done));
            }
        }
        return array;
    }
}
