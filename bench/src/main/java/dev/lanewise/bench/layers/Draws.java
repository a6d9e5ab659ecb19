package dev.lanewise.bench.layers;

import java.util.Random;

/** Whole numbers to compute with. */
final class Draws {
    /** Floats hold all whole numbers below it. */
    private static final int EXACT = 1 << 24;

    private Draws() {}

    /** From -3 to 3: a sum of millions of their products is exact. */
    static float[] small(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextInt(7) - 3;
        }
        return values;
    }

    /** Of 16 million in a row no two are equal, so that no window has two maxima. */
    static float[] distinct(Random random, int size) {
        int factor = random.nextInt() | 1;
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (i * factor & EXACT - 1) - EXACT / 2;
        }
        return values;
    }
}
