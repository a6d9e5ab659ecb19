package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.DepthwiseShape;
import dev.lanewise.kernels.micro.DepthwiseTiles;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * The input gradient of a convolution whose groups have one input channel each: a depthwise convolution of the output's
 * gradient with the mirrored kernel.
 *
 * <p>With a stride, an input pixel is reached only from those taps that its place in the stride allows. Pixels of one
 * place share them, and meet adjacent outputs, so each place is a convolution of stride 1 of its own. Where there are
 * several output channels to an input channel, they are terms of one sum: the gradient and the weights are copied with
 * those of equal number side by side.
 */
final class DepthwiseInputGradient {
    /** Floats that are dealt out at a time. */
    private static final int DEALT_FLOATS = 1 << 13;

    private final ConvolutionGeometry geometry;
    private final int inputHeight;
    private final int multiplier;
    private final int outputHeight;
    private final int outputWidth;
    private final Place[] places;
    private final DepthwiseStrips strips;
    private final int imageFloats;

    /** The input pixels of one place in the stride: how many rows, where the first pixel is, and what is computed. */
    private record Place(int rows, int first, DepthwiseShape shape) {}

    DepthwiseInputGradient(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.inputHeight = inputHeight;
        this.multiplier = g.outChannels() / g.inChannels();
        this.outputHeight = g.outputHeight(inputHeight);
        this.outputWidth = g.outputWidth(inputWidth);
        // A stride may be larger than the image: places past its border hold no pixels.
        int rows = Math.min(g.strideHeight(), inputHeight);
        int columns = Math.min(g.strideWidth(), inputWidth);
        this.places = new Place[rows * columns];
        for (int i = 0; i < places.length; i++) {
            places[i] = place(i / columns, i % columns, inputWidth);
        }
        int rowFloats = inputWidth * g.inChannels();
        this.imageFloats = Math.multiplyExact(inputHeight, rowFloats);
        this.strips = DepthwiseStrips.of((inputHeight - 1) / g.strideHeight() + 1, rows * rowFloats);
    }

    private Place place(int row, int column, int inputWidth) {
        ConvolutionGeometry g = geometry;
        Taps down = Taps.of(g.kernelHeight(), row + g.padTop(), g.dilationHeight(), g.strideHeight());
        Taps across = Taps.of(g.kernelWidth(), column + g.padLeft(), g.dilationWidth(), g.strideWidth());
        int channels = g.inChannels();
        int tap = g.outChannels();
        int first = (row * inputWidth + column) * channels;
        DepthwiseShape shape = new DepthwiseShape(
                down.count,
                across.count,
                down.source,
                across.source,
                1,
                1,
                -down.sourceStep,
                -across.sourceStep,
                outputHeight,
                outputWidth,
                tap,
                channels,
                multiplier,
                (inputWidth - 1 - column) / g.strideWidth() + 1,
                (down.first * g.kernelWidth() + across.first) * tap,
                down.step * g.kernelWidth() * tap,
                across.step * tap,
                g.strideHeight() * inputWidth * channels,
                g.strideWidth() * channels);
        return new Place((inputHeight - 1 - row) / g.strideHeight() + 1, first, shape);
    }

    /**
     * The rows or columns of the kernel from which a place in the stride is reached: those whose distance from it is a
     * multiple of the stride.
     *
     * @param first the first of them
     * @param step from one to the next
     * @param count how many
     * @param source the output that the first meets at the place itself; may lie outside
     * @param sourceStep how much less the next one meets
     */
    private record Taps(int first, int step, int count, int source, int sourceStep) {
        static Taps of(int kernel, int place, int dilation, int stride) {
            int common = gcd(dilation, stride);
            int step = stride / common;
            for (int first = 0; first < Math.min(kernel, step); first++) {
                int distance = place - first * dilation;
                if (distance % stride == 0) {
                    int count = (kernel - 1 - first) / step + 1;
                    return new Taps(first, step, count, distance / stride, dilation / common);
                }
            }
            return new Taps(0, 1, 0, 0, 1);
        }

        private static int gcd(int a, int b) {
            return b == 0 ? a : gcd(b, a % b);
        }
    }

    void run(Tensor dy, Tensor weights, Tensor dx, Parallelism parallelism, Workspace workspace) {
        int batch = dx.shape().extent(0);
        float[] zeros = DepthwiseForward.zeros(geometry.inChannels(), workspace);
        Tensor source = multiplier == 1 ? dy : dealt(dy, parallelism, workspace);
        Tensor factors = multiplier == 1 ? weights : dealt(weights, parallelism, workspace);
        int count = strips.count();
        int gradientFloats = outputHeight * outputWidth * geometry.outChannels();
        parallelism.forEach(batch * count, (task, worker) -> {
            int source0 = source.offset() + task / count * gradientFloats;
            int fromRow = strips.from(task % count);
            int toRow = strips.to(task % count);
            int dx0 = dx.offset() + task / count * imageFloats;
            for (Place place : places) {
                DepthwiseTiles.outputs(
                        place.shape,
                        fromRow,
                        Math.min(toRow, place.rows),
                        source.array(),
                        source0,
                        zeros,
                        factors.array(),
                        factors.offset(),
                        zeros,
                        0,
                        dx.array(),
                        dx0 + place.first);
            }
        });
    }

    /** Deals out the channels of each row: those that are first of their group, then those that are second, ... */
    private Tensor dealt(Tensor rows, Parallelism parallelism, Workspace workspace) {
        Tensor dealt = workspace.tensor(rows.shape());
        int channels = geometry.inChannels();
        int outputs = geometry.outChannels();
        parallelism.forRange(rows.size() / outputs, Math.ceilDiv(DEALT_FLOATS, outputs), (from, to) -> {
            for (int row = from; row < to; row++) {
                for (int k = 0; k < multiplier; k++) {
                    int source = rows.offset() + row * outputs + k;
                    int target = dealt.offset() + row * outputs + k * channels;
                    for (int c = 0; c < channels; c++) {
                        dealt.array()[target + c] = rows.array()[source + c * multiplier];
                    }
                }
            }
        });
        return dealt;
    }
}
