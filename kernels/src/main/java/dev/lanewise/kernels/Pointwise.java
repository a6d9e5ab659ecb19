package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The forward pass and the input gradient of a convolution with a kernel of one pixel, without padding and groups: matrix
 * products, of all images together. With a stride, the pixels that outputs meet are copied next to each other, or the
 * gradient is dealt out to them; others have a gradient of 0.
 */
final class Pointwise {
    /** Pixels are copied for so many images at a time that their channels take 4 MiB, unless one image takes more. */
    private static final int COPIED_FLOATS = 1 << 20;

    /** Floats that a thread copies at a time, at least. */
    private static final int GRAIN = 1 << 13;

    /**
     * Up to this many pixels, panels that were packed before are used. For more, packing takes no time that counts, and the other
     * ways leave the pixels where they are: 784 pixels ran at 0.93 to 1.05 of the speed with panels, 3136 at 0.88 to 0.94, 196 at 1.02
     * to 1.09, 49 at 1.18 to 1.21, 16 at 1.5, 4 at 2.2, and a single one at 0.88 to 0.95 (Zen 3, channels as in ResNet-50).
     */
    private static final int MOST_ROWS_OF_PANELS = 512;

    private final ConvolutionGeometry geometry;
    private final int inputHeight;
    private final int inputWidth;
    private final int outputHeight;
    private final int outputWidth;

    Pointwise(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.inputHeight = inputHeight;
        this.inputWidth = inputWidth;
        this.outputHeight = g.outputHeight(inputHeight);
        this.outputWidth = g.outputWidth(inputWidth);
    }

    /** Whether a convolution is a matrix product. */
    static boolean suits(ConvolutionGeometry g) {
        boolean padded = g.padTop() + g.padBottom() + g.padLeft() + g.padRight() > 0;
        return g.kernelHeight() == 1 && g.kernelWidth() == 1 && g.groups() == 1 && !padded;
    }

    private boolean strided() {
        return geometry.strideHeight() > 1 || geometry.strideWidth() > 1;
    }

    private int outputPixels() {
        return outputHeight * outputWidth;
    }

    private int inputPixels() {
        return inputHeight * inputWidth;
    }

    /** How many images are computed at once. */
    private int images(int batch) {
        int imageFloats = Math.multiplyExact(outputPixels(), geometry.inChannels());
        return strided() ? Math.clamp(COPIED_FLOATS / imageFloats, 1, Math.max(1, batch)) : batch;
    }

    void forward(
            Tensor x,
            Tensor weights,
            PackedWeights packed,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int batch = x.shape().extent(0);
        int images = images(batch);
        int channels = geometry.inChannels();
        int outputs = geometry.outChannels();
        Tensor copy = strided() ? workspace.tensor(images * outputPixels(), channels) : null;
        MatmulEpilogue epilogue = new MatmulEpilogue(residual, f);
        for (int image = 0; image < batch; image += images) {
            int count = Math.min(images, batch - image);
            int first = image * outputPixels() * outputs;
            int x0 = x.offset() + image * inputPixels() * channels;
            if (strided()) {
                gather(x, x0, copy, count, parallelism);
            }
            float[] a = strided() ? copy.array() : x.array();
            int a0 = strided() ? copy.offset() : x0;
            float[] s = bias == null ? null : bias.array();
            int s0 = bias == null ? 0 : bias.offset();
            FloatProduct.Finish finish = epilogue.of(y, first, outputs);
            int rows = count * outputPixels();
            if (packed != null && rows > 1 && rows <= MOST_ROWS_OF_PANELS && !FloatGemm.isNarrow(outputs)) {
                FloatGemm.runPanels(
                        false,
                        rows,
                        outputs,
                        channels,
                        a,
                        a0,
                        channels,
                        packed.matrix().panels(),
                        s,
                        s0,
                        0,
                        y.array(),
                        y.offset() + first,
                        outputs,
                        finish,
                        parallelism,
                        workspace);
                continue;
            }
            FloatGemm.run(
                    false,
                    false,
                    rows,
                    outputs,
                    channels,
                    1,
                    a,
                    a0,
                    channels,
                    weights.array(),
                    weights.offset(),
                    outputs,
                    s,
                    s0,
                    0,
                    y.array(),
                    y.offset() + first,
                    outputs,
                    finish,
                    parallelism,
                    workspace);
        }
    }

    void inputGradient(Tensor dy, Tensor weights, Tensor dx, Parallelism parallelism, Workspace workspace) {
        int batch = dx.shape().extent(0);
        int images = images(batch);
        int channels = geometry.inChannels();
        int outputs = geometry.outChannels();
        Tensor copy = strided() ? workspace.tensor(images * outputPixels(), channels) : null;
        for (int image = 0; image < batch; image += images) {
            int count = Math.min(images, batch - image);
            int dx0 = dx.offset() + image * inputPixels() * channels;
            FloatGemm.run(
                    false,
                    true,
                    count * outputPixels(),
                    channels,
                    outputs,
                    1,
                    dy.array(),
                    dy.offset() + image * outputPixels() * outputs,
                    outputs,
                    weights.array(),
                    weights.offset(),
                    outputs,
                    null,
                    0,
                    0,
                    strided() ? copy.array() : dx.array(),
                    strided() ? copy.offset() : dx0,
                    channels,
                    null,
                    parallelism,
                    workspace);
            if (strided()) {
                scatter(copy, dx, dx0, count, parallelism);
            }
        }
    }

    /** Copies the pixels that outputs meet next to each other. */
    private void gather(Tensor x, int x0, Tensor copy, int images, Parallelism parallelism) {
        int channels = geometry.inChannels();
        int rowFloats = outputWidth * channels;
        parallelism.forRange(images * outputHeight, Math.ceilDiv(GRAIN, rowFloats), (from, to) -> {
            for (int row = from; row < to; row++) {
                int source = x0 + inputRow(row) * inputWidth * channels;
                int target = copy.offset() + row * rowFloats;
                for (int ow = 0; ow < outputWidth; ow++) {
                    int pixel = source + ow * geometry.strideWidth() * channels;
                    System.arraycopy(x.array(), pixel, copy.array(), target + ow * channels, channels);
                }
            }
        });
    }

    /** The input row, counted through all images, that a row of outputs meets. */
    private int inputRow(int outputRow) {
        return outputRow / outputHeight * inputHeight + outputRow % outputHeight * geometry.strideHeight();
    }

    /** Deals out pixels to their places; the others become 0. */
    private void scatter(Tensor copy, Tensor dx, int dx0, int images, Parallelism parallelism) {
        int channels = geometry.inChannels();
        int rowFloats = inputWidth * channels;
        parallelism.forRange(images * inputHeight, Math.ceilDiv(GRAIN, rowFloats), (from, to) -> {
            for (int row = from; row < to; row++) {
                int target = dx0 + row * rowFloats;
                Arrays.fill(dx.array(), target, target + rowFloats, 0);
                int down = row % inputHeight;
                if (down % geometry.strideHeight() == 0 && down / geometry.strideHeight() < outputHeight) {
                    int outputRow = row / inputHeight * outputHeight + down / geometry.strideHeight();
                    int source = copy.offset() + outputRow * outputWidth * channels;
                    for (int ow = 0; ow < outputWidth; ow++) {
                        int pixel = target + ow * geometry.strideWidth() * channels;
                        System.arraycopy(copy.array(), source + ow * channels, dx.array(), pixel, channels);
                    }
                }
            }
        });
    }
}
