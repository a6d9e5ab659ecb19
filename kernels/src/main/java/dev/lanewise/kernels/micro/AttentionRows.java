package dev.lanewise.kernels.micro;

import java.util.Arrays;

/**
 * The softmax of attention on one row of a tile of scores.
 *
 * <p>Assumed: the row lies within its array. Nothing outside is read or written.
 */
public final class AttentionRows {
    private AttentionRows() {}

    /**
     * Turns the scores of a row into {@code exp(score - max)}, max being the largest of this and all earlier tiles, and adds
     * them to the sum of the row: {@code sum = fma(sum, c, sum of these over 16 virtual lanes)}.
     *
     * @param scores the tile
     * @param from index of the first score of the row
     * @param size how many scores
     * @param max the largest score of each row so far
     * @param sum the sum of each row so far
     * @param row which row
     * @param lanes scratch of {@link VirtualLanes#COUNT} floats
     * @return {@code c = exp(max before - max)}, by which what was summed before must be multiplied; 1 where max is as before
     */
    public static float take(float[] scores, int from, int size, float[] max, float[] sum, int row, float[] lanes) {
        float before = max[row];
        float largest = Math.max(before, SoftmaxRows.max(scores, from, size));
        max[row] = largest;
        if (largest == Float.NEGATIVE_INFINITY && !SoftmaxRows.hasNaN(scores, from, null, 0, size)) {
            Arrays.fill(scores, from, from + size, 0f);
            return 1f;
        }
        float correction = 1f;
        if (before != largest) {
            lanes[0] = before;
            ElementLoops.expBelow(lanes, 0, lanes, 0, 1, largest);
            correction = lanes[0];
        }
        float added = SoftmaxRows.exponentials(scores, from, largest, scores, from, size, lanes, 0);
        sum[row] = Math.fma(sum[row], correction, added);
        return correction;
    }

    /**
     * Turns the scores of a row into weights, {@code exp(score - max) * reciprocal}.
     *
     * @param scores the tile
     * @param from index of the first score of the row
     * @param size how many scores
     * @param max the largest score of the row, over all tiles
     * @param reciprocal that of the sum of the row; 0 for a row that sees nothing, whose weights are 0
     */
    public static void weights(float[] scores, int from, int size, float max, float reciprocal) {
        if (reciprocal == 0) {
            Arrays.fill(scores, from, from + size, 0f);
            return;
        }
        ElementLoops.expBelow(scores, from, scores, from, size, max);
        ElementLoops.scale(scores, from, scores, from, size, reciprocal);
    }
}
