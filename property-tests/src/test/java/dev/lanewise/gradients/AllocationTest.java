package dev.lanewise.gradients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.BatchNormalization;
import dev.lanewise.kernels.GroupNormalization;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A steady training step allocates no tensor storage. */
class AllocationTest {
    private static final int BATCH = 8;
    private static final long MOST = 64 * 1024;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long MANY_CALLS_NANOS = 3_000_000_000L;

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

    /** What is allocated in all threads. */
    private static long allocated(Runnable computation) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        computation.run();
        return threads.getTotalThreadAllocatedBytes() - before;
    }

    /** Computes again and again until little is allocated. Until C2 has compiled the loops, every vector is an object. */
    private static void assertAllocatesLittle(Runnable computation) {
        long began = System.nanoTime();
        long bytes = Long.MAX_VALUE;
        while (bytes > MOST && System.nanoTime() - began < PATIENCE_NANOS) {
            bytes = allocated(computation);
        }
        assertTrue(bytes <= MOST, bytes + " bytes are allocated");
    }

    /** Computes on after that, until C2 has compiled what calls the loops too, and inlined them, which takes some thousands of calls. */
    private static void assertAllocatesLittleForEver(Runnable computation) {
        assertAllocatesLittle(computation);
        long began = System.nanoTime();
        while (System.nanoTime() - began < MANY_CALLS_NANOS) {
            computation.run();
        }
        long bytes = allocated(computation);
        assertTrue(bytes <= MOST, bytes + " bytes are allocated once the callers are compiled");
    }

    @Test
    void aSteadyStepAllocatesNoTensors() {
        Workspace workspace = new Workspace();
        try (Parallelism parallelism = Parallelism.of(2)) {
            assertAllocatesLittle(() -> step(0, workspace, parallelism));
            // The control: memory that is not used again.
            long wasteful = allocated(() -> step(0, new Workspace(), parallelism));
            assertTrue(wasteful > MOST, "only " + wasteful + " bytes are noticed");
        }
    }

    /** A method that C2 does not inline gets its vectors as objects, however often it runs. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "RELU"})
    void aNormalisationsGradientMakesNoObjectsOfVectors(Activation activation) {
        BatchNormalization normalization = BatchNormalization.of(1e-5, activation);
        Tensor x = Tensor.zeros(1 << 14, 64);
        Tensor statistics = Tensor.zeros(BatchNormalization.STATISTICS, 64);
        Tensor weight = Tensor.zeros(64);
        Tensor bias = Tensor.zeros(64);
        Tensor dy = Tensor.zeros(x.shape());
        Tensor dx = Tensor.zeros(x.shape());
        Tensor dweight = Tensor.zeros(64);
        Tensor dbias = Tensor.zeros(64);
        Parallelism one = Parallelism.serial();
        Workspace workspace = new Workspace();
        assertAllocatesLittle(() -> {
            workspace.reset();
            normalization.gradient(x, statistics, weight, bias, dy, dx, dweight, dbias, one, workspace);
        });
    }

    @Test
    void aNormalisationOfGroupsMakesNoObjectsOfVectors() {
        GroupNormalization normalization = GroupNormalization.of(8, 1e-5, Activation.IDENTITY);
        Tensor x = Tensor.zeros(4, 64, 64);
        Tensor statistics = Tensor.zeros(4, GroupNormalization.STATISTICS, 8);
        Tensor weight = Tensor.zeros(64);
        Tensor bias = Tensor.zeros(64);
        Tensor y = Tensor.zeros(x.shape());
        Tensor dy = Tensor.zeros(x.shape());
        Tensor dx = Tensor.zeros(x.shape());
        Tensor dweight = Tensor.zeros(64);
        Tensor dbias = Tensor.zeros(64);
        Parallelism one = Parallelism.serial();
        Workspace workspace = new Workspace();
        assertAllocatesLittleForEver(() -> {
            workspace.reset();
            normalization.forward(x, weight, bias, y, statistics, one, workspace);
            normalization.gradient(x, statistics, weight, bias, dy, dx, dweight, dbias, one, workspace);
        });
    }
}
