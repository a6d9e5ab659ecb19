package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The scratch of a weight gradient stays in a cache, however wide the image. */
class WeightGradientMemoryTest {
    private static final long MOST = 2 << 20;

    private static long scratch(ConvolutionGeometry geometry, int height, int width) {
        Convolution convolution = Convolution.of(geometry, height, width);
        Workspace workspace = new Workspace();
        convolution.weightGradient(
                Tensor.zeros(convolution.inputShape(1)),
                Tensor.zeros(convolution.outputShape(1)),
                Tensor.zeros(convolution.weightShape()),
                Parallelism.serial(),
                workspace);
        return workspace.peakBytes();
    }

    @Test
    void ofALongSequenceTakesNoWholeRows() {
        ConvolutionGeometry sound =
                ConvolutionGeometry.oneDimensional(3, 64, 64).same();
        long bytes = scratch(sound, 1, 16_000);
        assertTrue(bytes <= MOST, bytes + " bytes");
    }

    @Test
    void ofAnImageIsAStrip() {
        ConvolutionGeometry photograph = ConvolutionGeometry.of(3, 3, 64, 64).same();
        long bytes = scratch(photograph, 56, 56);
        assertTrue(bytes <= MOST, bytes + " bytes");
    }

    @Test
    void isChosenByTheWidth() {
        ConvolutionGeometry g = ConvolutionGeometry.of(3, 3, 16, 64).same();
        assertTrue(PatchStrips.suits(g, 56, 56));
        assertFalse(PatchStrips.suits(g, 56, 56_000));
    }
}
