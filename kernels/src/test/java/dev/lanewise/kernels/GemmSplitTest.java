package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.runtime.Parallelism;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The arithmetic of cutting a product into tasks, up to 64 threads. */
class GemmSplitTest {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 16, 33, 64, 100, 257, 1000, 4096};

    @Test
    void partsCoverEverythingOnce() {
        for (int threads = 1; threads <= 64; threads++) {
            for (int rows : SIZES) {
                for (int units : SIZES) {
                    assertCoversOnce(GemmSplit.of(rows, units, threads), rows, units, threads);
                    assertCoversOnce(GemmSplit.ofCopies(rows, units, threads), rows, units, threads);
                }
            }
        }
    }

    private static void assertCoversOnce(GemmSplit split, int rows, int units, int threads) {
        assertCovers(rows, split.rowParts(), split.rowsEach(), split.toString());
        assertCovers(units, split.columnParts(), split.unitsEach(), split.toString());
        assertEquals(0, split.rowsEach() % 4);
        assertTrue(split.tasks() <= threads, split::toString);
    }

    /** Units of 3 columns, blocks of 6: every element is in one block, and a block is less than a unit too wide at most. */
    @Test
    void blocksCoverEverythingOnce() {
        for (int parts = 1; parts <= 8; parts++) {
            for (int columns = 1; columns <= 40; columns++) {
                int width = columns;
                int[][] computed = new int[13][columns];
                GemmSplit split = GemmSplit.of(13, Math.max(1, columns / 3), parts);
                split.forEachBlock(
                        13, columns, 3, 6, parts, Parallelism.serial(), (row, rows, column, wide, worker) -> {
                            assertTrue(wide < 9, () -> split + ": " + wide + " of " + width);
                            for (int i = row; i < row + rows; i++) {
                                for (int j = column; j < column + wide; j++) {
                                    computed[i][j]++;
                                }
                            }
                        });
                for (int[] row : computed) {
                    assertTrue(Arrays.stream(row).allMatch(times -> times == 1), split::toString);
                }
            }
        }
    }

    /** Narrow parts would copy too much of A. */
    @Test
    void copiesMakePartsLessNarrow() {
        assertEquals(new GemmSplit(1, 8, 512, 2), GemmSplit.of(512, 16, 8));
        assertEquals(new GemmSplit(2, 4, 256, 4), GemmSplit.ofCopies(512, 16, 8));
    }

    private static void assertCovers(int size, int parts, int each, String split) {
        int last = size - (parts - 1) * each;
        assertTrue(last > 0 && last <= each, split);
    }

    @Test
    void largeProductsKeepEveryThreadBusy() {
        for (int threads = 1; threads <= 64; threads++) {
            // 4096 x 4096 with tiles of 64 columns. A prime number of threads leaves some without work.
            GemmSplit split = GemmSplit.of(4096, 64, threads);
            double ideal = 4096.0 * 64 / threads;
            double largest = (double) split.rowsEach() * split.unitsEach();
            assertTrue(largest <= 1.35 * ideal, threads + ": " + split);
        }
    }

    @Test
    void powersOfTwoAreSharedEvenly() {
        for (int threads = 1; threads <= 64; threads *= 2) {
            GemmSplit split = GemmSplit.of(4096, 64, threads);
            assertEquals(threads, split.tasks());
            assertEquals(4096 * 64 / threads, split.rowsEach() * split.unitsEach());
        }
    }

    @Test
    void aNarrowProductIsCutIntoRows() {
        assertEquals(new GemmSplit(2, 1, 52, 1), GemmSplit.of(100, 1, 2));
    }
}
