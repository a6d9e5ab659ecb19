package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.BiasLoops;
import dev.lanewise.kernels.micro.DepthwiseShape;
import dev.lanewise.kernels.micro.DepthwiseTiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The forward pass of a convolution whose groups have one input channel each. Output channels are the vector axis; where
 * there are several to an input channel, the rows that a task needs are copied with each channel repeated.
 */
final class DepthwiseForward {
    private final ConvolutionGeometry geometry;
    private final DepthwiseShape shape;
    private final int outputHeight;
    private final DepthwiseStrips strips;

    DepthwiseForward(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.outputHeight = g.outputHeight(inputHeight);
        int channels = g.outChannels();
        this.shape = shape(g, inputHeight, inputWidth, channels, channels, channels);
        this.strips = DepthwiseStrips.of(outputHeight, shape.outputRow());
        Math.multiplyExact(copiedRows(), shape.width() * shape.pixel());
    }

    /**
     * Whether a convolution is computed this way: each group has one input channel. With many outputs to a channel, the
     * tile of matrix products fills its vectors with those of one group; and a single group is a dense convolution.
     */
    static boolean suits(ConvolutionGeometry g) {
        return g.groups() > 1 && g.groups() == g.inChannels() && g.outChannels() / g.groups() < 16;
    }

    /**
     * The walk over an image.
     *
     * @param g the convolution
     * @param height rows of the image
     * @param width columns of the image
     * @param channels channels computed together
     * @param pixel floats from pixel to pixel of the source
     * @param slots floats from tap to tap of the weights
     */
    static DepthwiseShape shape(ConvolutionGeometry g, int height, int width, int channels, int pixel, int slots) {
        int outputWidth = g.outputWidth(width);
        return new DepthwiseShape(
                g.kernelHeight(),
                g.kernelWidth(),
                -g.padTop(),
                -g.padLeft(),
                g.strideHeight(),
                g.strideWidth(),
                g.dilationHeight(),
                g.dilationWidth(),
                height,
                width,
                pixel,
                channels,
                1,
                outputWidth,
                0,
                g.kernelWidth() * slots,
                slots,
                Math.multiplyExact(outputWidth, g.outChannels()),
                g.outChannels());
    }

    /** As many zeros as there are channels, at least a vector's. */
    static float[] zeros(int channels, Workspace workspace) {
        int size = Math.max(Lanes.LENGTH, channels);
        float[] zeros = workspace.floats(size);
        Arrays.fill(zeros, 0, size, 0);
        return zeros;
    }

    private int multiplier() {
        return geometry.outChannels() / geometry.inChannels();
    }

    /** Rows of an image that a task copies, at most; 0 if it needs no copy. */
    private int copiedRows() {
        return multiplier() == 1 ? 0 : RepeatedChannels.rows(shape, strips.most());
    }

    void run(
            Tensor x,
            Tensor weights,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int batch = x.shape().extent(0);
        float[] zeros = zeros(geometry.outChannels(), workspace);
        float[] start = bias == null ? zeros : bias.array();
        int start0 = bias == null ? 0 : bias.offset();
        int scratchFloats = copiedRows() * shape.width() * shape.pixel();
        Tensor scratch = workspace.tensor(parallelism.threads(), scratchFloats);
        int count = strips.count();
        int imageFloats = shape.height() * shape.width() * geometry.inChannels();
        parallelism.forEach(batch * count, (task, worker) -> {
            int image0 = x.offset() + task / count * imageFloats;
            int fromRow = strips.from(task % count);
            int toRow = strips.to(task % count);
            float[] source = x.array();
            if (multiplier() > 1) {
                source = scratch.array();
                image0 = RepeatedChannels.copy(
                        x.array(),
                        image0,
                        geometry.inChannels(),
                        shape,
                        multiplier(),
                        0,
                        fromRow,
                        toRow,
                        source,
                        scratch.offset() + worker * scratchFloats);
            }
            int y0 = y.offset() + task / count * outputHeight * shape.outputRow();
            DepthwiseTiles.outputs(
                    shape,
                    fromRow,
                    toRow,
                    source,
                    image0,
                    zeros,
                    weights.array(),
                    weights.offset(),
                    start,
                    start0,
                    y.array(),
                    y0);
            int from = y0 + fromRow * shape.outputRow();
            int to = y0 + toRow * shape.outputRow();
            if (residual != null) {
                int at = residual.offset() + from - y.offset();
                BiasLoops.add(y.array(), from, residual.array(), at, y.array(), from, 1, to - from);
            }
            Activations.applyRange(f, y.array(), from, to);
        });
    }
}
