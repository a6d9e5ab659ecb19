package dev.lanewise.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Memory that is used again. */
class WorkspaceTest {
    private static final int START = CacheLines.HERE.start();

    /** A size that no first block has room for beside another piece. */
    private static final int LARGE = 1_000_000;

    @Test
    void piecesDoNotOverlapAndStartOnCacheLines() {
        Workspace workspace = new Workspace();
        List<Tensor> pieces = new ArrayList<>();
        for (int size : new int[] {1, 0, 15, 16, 17, 100_000, 3}) {
            Tensor piece = workspace.tensor(size);
            assertEquals(START, piece.offset() % 16);
            pieces.forEach(other -> assertFalse(other.overlaps(piece)));
            pieces.add(piece);
        }
    }

    /** An array for each would waste the end of a region of the heap; but nobody pays for much that is never handed out. */
    @Test
    void manyPiecesShareArraysThatAreLittleLarger() {
        Workspace workspace = new Workspace();
        Map<float[], Boolean> arrays = new IdentityHashMap<>();
        long used = 0;
        for (int i = 0; i < 60; i++) {
            int size = i < 40 ? LARGE : LARGE / 10 * 7;
            arrays.put(workspace.tensor(size).array(), true);
            used += size;
            long held =
                    arrays.keySet().stream().mapToLong(array -> array.length).sum();
            assertTrue(held <= used + used / 4 + 1000, held + " floats are held for " + used);
        }
        assertTrue(arrays.size() < 20, () -> arrays.size() + " arrays");
    }

    @Test
    void aSinglePieceHasAnArrayOfItsSize() {
        Tensor piece = new Workspace().tensor(LARGE);
        assertEquals(START + LARGE, piece.array().length);
    }

    @Test
    void whatIsReleasedIsHandedOutAgain() {
        Workspace workspace = new Workspace();
        workspace.tensor(5);
        Workspace.Mark mark = workspace.mark();
        Tensor first = workspace.tensor(2, 3);
        int[] table = workspace.ints(10);
        workspace.release(mark);
        Tensor second = workspace.tensor(Shape.of(6));
        assertSame(first.array(), second.array());
        assertEquals(first.offset(), second.offset());
        assertSame(table, workspace.ints(8));
        assertNotSame(table, workspace.ints(8));
    }

    @Test
    void oneTensorMovesToTheMark() {
        Workspace workspace = new Workspace();
        Tensor before = workspace.tensor(20);
        Workspace.Mark mark = workspace.mark();
        Tensor first = workspace.tensor(40_000);
        Tensor second = workspace.tensor(30_000);
        for (int i = 0; i < second.size(); i++) {
            second.array()[second.offset() + i] = i;
        }
        Tensor moved = workspace.releaseBut(mark, second);
        assertSame(first.array(), moved.array());
        assertEquals(first.offset(), moved.offset());
        assertEquals(second.shape(), moved.shape());
        for (int i = 0; i < moved.size(); i++) {
            assertEquals(i, moved.array()[moved.offset() + i]);
        }
        // What is handed out next does not overlap it, and what lies before the mark or elsewhere stays.
        assertFalse(workspace.tensor(100_000).overlaps(moved));
        assertSame(before, workspace.releaseBut(mark, before));
        Tensor elsewhere = Tensor.zeros(3);
        assertSame(elsewhere, workspace.releaseBut(mark, elsewhere));
        assertEquals(first.offset(), workspace.tensor(5).offset());
    }

    /** A tensor that overlaps its new place, and one of a later block. */
    @Test
    void oneTensorMovesOntoItselfAndBetweenBlocks() {
        Workspace workspace = new Workspace();
        Workspace.Mark mark = workspace.mark();
        workspace.tensor(16);
        Tensor overlapping = workspace.tensor(1000);
        Tensor large = workspace.tensor(LARGE);
        overlapping.array()[overlapping.offset() + 999] = 3;
        large.array()[large.offset() + 5] = 7;
        Tensor moved = workspace.releaseBut(mark, overlapping);
        assertEquals(START, moved.offset());
        assertEquals(3, moved.array()[START + 999]);
        Workspace.Mark second = workspace.mark();
        workspace.tensor(100);
        large = workspace.tensor(LARGE);
        assertEquals(7, large.array()[large.offset() + 5]);
        assertSame(large.array(), workspace.releaseBut(second, large).array());
    }

    @Test
    void afterTheFirstStepNothingIsAllocated() {
        Workspace workspace = new Workspace();
        List<float[]> arrays = null;
        for (int step = 0; step < 5; step++) {
            workspace.reset();
            List<float[]> now = new ArrayList<>(List.of(
                    workspace.tensor(100).array(), workspace.tensor(3 * LARGE).array()));
            Workspace.Mark mark = workspace.mark();
            now.add(workspace.tensor(2 * LARGE).array());
            workspace.release(mark);
            now.add(workspace.tensor(10_000).array());
            for (int i = 0; arrays != null && i < now.size(); i++) {
                assertSame(arrays.get(i), now.get(i));
            }
            arrays = now;
        }
        assertTrue(workspace.peakBytes() >= 4 * (5L * LARGE + 100), "peak " + workspace.peakBytes());
        assertTrue(workspace.peakBytes() <= 4 * (5L * LARGE + 1000), "peak " + workspace.peakBytes());
    }

    @Test
    void blocksThatALaterStepAddsBecomeOne() {
        Workspace workspace = new Workspace();
        workspace.tensor(LARGE);
        workspace.reset();
        workspace.tensor(LARGE);
        workspace.tensor(2 * LARGE);
        workspace.reset();
        Tensor first = workspace.tensor(LARGE);
        assertSame(first.array(), workspace.tensor(2 * LARGE).array());
    }

    /** With small regions of the heap an array has some of its own, and so begins a line; with large ones that would be a waste. */
    @Test
    void arraysBeginCacheLinesWhereThatTakesLittle() {
        assertEquals(1 << 17, Workspace.alignedFrom(new CacheLines(12, 1 << 17)));
        assertEquals(1 << 19, Workspace.alignedFrom(new CacheLines(12, 1 << 19)));
        assertEquals(0, Workspace.alignedFrom(new CacheLines(12, 1 << 20)));
        int from = Workspace.alignedFrom(CacheLines.HERE);
        Workspace workspace = new Workspace();
        assertEquals(8191, workspace.floats(8191).length);
        assertEquals(Math.max(8192, from), workspace.floats(8192).length);
        assertEquals(Math.max(8192, from / 2), workspace.doubles(8192).length);
        assertEquals(8192, workspace.ints(8192).length);
    }
}
