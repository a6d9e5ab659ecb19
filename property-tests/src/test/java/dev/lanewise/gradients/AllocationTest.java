package dev.lanewise.gradients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.losses.CrossEntropy;
import dev.lanewise.nn.networks.Networks;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A steady training step allocates no tensor storage. */
class AllocationTest {
    private static final int BATCH = 8;
    private static final long MOST = 64 * 1024;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Sequential network = Networks.lenet(Shape.of(28, 28, 1), 10, 1);
    private final Tensor images = Tensor.zeros(BATCH, 28, 28, 1);
    private final int[] labels = new int[BATCH];
    private final Adam adam = new Adam(network.parameters(), 0.001);
    private final CrossEntropy loss = new CrossEntropy();

    private void step(int number, Workspace workspace, Parallelism parallelism) {
        workspace.reset();
        Pass pass = Pass.training(1, number, parallelism, workspace);
        Forward forward = network.forward(images, pass);
        Tensor gradient = workspace.tensor(forward.output().shape());
        loss.evaluate(forward.output(), labels, gradient, pass);
        adam.zeroGradients();
        forward.backward().apply(gradient, false);
        adam.step(parallelism);
    }

    /** What a step allocates in all threads. */
    private long allocated(int number, Workspace workspace, Parallelism parallelism) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        step(number, workspace, parallelism);
        return threads.getTotalThreadAllocatedBytes() - before;
    }

    @Test
    void aSteadyStepAllocatesNoTensors() {
        Workspace workspace = new Workspace();
        try (Parallelism parallelism = Parallelism.of(2)) {
            long began = System.nanoTime();
            long bytes = Long.MAX_VALUE;
            // Until C2 has compiled the loops, every vector is an object.
            for (int i = 0; bytes > MOST && System.nanoTime() - began < PATIENCE_NANOS; i++) {
                bytes = allocated(i, workspace, parallelism);
            }
            assertTrue(bytes <= MOST, "a step allocates " + bytes + " bytes");
            // The control: memory that is not used again.
            long wasteful = allocated(0, new Workspace(), parallelism);
            assertTrue(wasteful > MOST, "only " + wasteful + " bytes are noticed");
        }
    }
}
