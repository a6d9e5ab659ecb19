package dev.lanewise.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory that is used again. */
class WorkspaceTest {
    @Test
    void piecesDoNotOverlapAndStartOnCacheLines() {
        Workspace workspace = new Workspace();
        List<Tensor> pieces = new ArrayList<>();
        for (int size : new int[] {1, 0, 15, 16, 17, 100_000, 3}) {
            Tensor piece = workspace.tensor(size);
            assertEquals(0, piece.offset() % 16);
            pieces.forEach(other -> assertFalse(other.overlaps(piece)));
            pieces.add(piece);
        }
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
    void afterTheFirstStepsNothingIsAllocated() {
        Workspace workspace = new Workspace();
        float[] block = null;
        for (int step = 0; step < 5; step++) {
            workspace.reset();
            Tensor small = workspace.tensor(100);
            Tensor large = workspace.tensor(300_000);
            Workspace.Mark mark = workspace.mark();
            workspace.tensor(200_000);
            workspace.release(mark);
            workspace.tensor(10_000);
            if (step >= 2) {
                assertSame(block, small.array());
                assertSame(block, large.array());
            }
            block = large.array();
        }
        assertTrue(workspace.peakBytes() >= 4 * 500_100L, "peak " + workspace.peakBytes());
        assertTrue(workspace.peakBytes() <= 4 * 501_000L, "peak " + workspace.peakBytes());
    }
}
