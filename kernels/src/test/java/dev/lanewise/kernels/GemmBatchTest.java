package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** How batches are given to threads. */
class GemmBatchTest {
    @Test
    void wholeProductsGoToThreadsWhereThereAreEnough() {
        assertTrue(GemmBatch.isByProduct(64, FloatGemm.SERIAL_WORK, 64));
        assertFalse(GemmBatch.isByProduct(63, FloatGemm.SERIAL_WORK, 64));
        assertTrue(GemmBatch.isByProduct(2, FloatGemm.SERIAL_WORK / 2, 2));
        assertFalse(GemmBatch.isByProduct(2, FloatGemm.SERIAL_WORK / 2 - 1, 2));
        assertFalse(GemmBatch.isByProduct(1, FloatGemm.SERIAL_WORK, 1));
        assertFalse(GemmBatch.isByProduct(0, FloatGemm.SERIAL_WORK, 1));
    }

    @Test
    void eachProductIsComputedOnceWithScratchOfItsOwn() {
        for (int batch : new int[] {0, 1, 2, 3, 50}) {
            AtomicIntegerArray times = new AtomicIntegerArray(batch);
            Set<Workspace> inUse = ConcurrentHashMap.newKeySet();
            Set<String> faults = ConcurrentHashMap.newKeySet();
            try (Parallelism threads = Parallelism.of(3)) {
                GemmBatch.forEach(batch, FloatGemm.SERIAL_WORK, threads, new Workspace(), (q, inner, scratch) -> {
                    if (!inUse.add(scratch)) {
                        faults.add("product " + q + " shares its scratch memory");
                    }
                    times.incrementAndGet(q);
                    inUse.remove(scratch);
                    if (batch >= 3 && inner.threads() != 1) {
                        faults.add("product " + q + " uses threads within a thread");
                    }
                });
            }
            assertEquals(Set.of(), new TreeSet<>(faults));
            for (int q = 0; q < batch; q++) {
                assertEquals(1, times.get(q));
            }
        }
    }
}
