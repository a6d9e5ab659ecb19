package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * A convolution and its gradients by Winograd's algorithm. The input gradient is a convolution too, of the output's gradient
 * with the weights rotated by half a turn, and with as much more padding as the forward pass has less than the kernel.
 */
final class WinogradConvolution {
    /** At least a vector of the widest kind, whatever the machine's vectors: the algorithm shows in the result. */
    private static final int LEAST_CHANNELS = 16;

    /** Tiles of a batch from which on the transform of the weights pays. */
    private static final int LEAST_TILES = 32;

    private static final int TAPS = 9;

    private final ConvolutionGeometry geometry;
    private final WinogradGrid grid;
    private final Winograd forward;
    private final Winograd inputGradient;
    private final WinogradWeightGradient weightGradient;

    WinogradConvolution(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        int outputHeight = g.outputHeight(inputHeight);
        int outputWidth = g.outputWidth(inputWidth);
        this.geometry = g;
        this.grid = new WinogradGrid(
                inputHeight, inputWidth, g.inChannels(), g.padTop(), g.padLeft(), outputHeight, outputWidth);
        WinogradGrid back = new WinogradGrid(
                outputHeight,
                outputWidth,
                g.outChannels(),
                g.kernelHeight() - 1 - g.padTop(),
                g.kernelWidth() - 1 - g.padLeft(),
                inputHeight,
                inputWidth);
        this.forward = new Winograd(grid, g.outChannels());
        this.inputGradient = new Winograd(back, g.inChannels());
        this.weightGradient = new WinogradWeightGradient(grid, g.outChannels());
    }

    static boolean suits(ConvolutionGeometry g) {
        return g.kernelHeight() == 3
                && g.kernelWidth() == 3
                && g.strideHeight() == 1
                && g.strideWidth() == 1
                && g.dilationHeight() == 1
                && g.dilationWidth() == 1
                && g.groups() == 1
                && Math.min(g.inChannels(), g.outChannels()) >= LEAST_CHANNELS;
    }

    boolean pays(int batch) {
        return grid.tilesOf(batch) >= LEAST_TILES;
    }

    /** Transforms the weights of the forward pass, for images of any size. */
    static Tensor transform(ConvolutionGeometry g, Tensor weights) {
        Tensor transformed = new WinogradFilter(g.inChannels(), g.outChannels())
                .transform(weights, Parallelism.serial(), new Workspace());
        // Of its own size: a workspace's tensor would keep a whole block of it alive.
        return Tensor.wrap(transformed.toArray(), 0, transformed.shape());
    }

    /** Computes the forward pass; {@code weights} may be null where they have been transformed. */
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
        Tensor transformed = packed == null ? forward.transform(weights, parallelism, workspace) : packed.transformed();
        forward.run(x, transformed, bias, residual, f, y, parallelism, workspace);
    }

    void inputGradient(Tensor dy, Tensor weights, Tensor dx, Parallelism parallelism, Workspace workspace) {
        Tensor rotated = rotated(weights, parallelism, workspace);
        Tensor transformed = inputGradient.transform(rotated, parallelism, workspace);
        inputGradient.run(dy, transformed, null, null, Activation.IDENTITY, dx, parallelism, workspace);
    }

    /** Weights {@code [2 - kh, 2 - kw, co, ci]}. */
    private Tensor rotated(Tensor weights, Parallelism parallelism, Workspace workspace) {
        int inputs = geometry.inChannels();
        int outputs = geometry.outChannels();
        Tensor rotated = workspace.tensor(TAPS, outputs, inputs);
        parallelism.forEach(
                TAPS,
                (tap, worker) -> FloatTransposition.run(
                        1,
                        inputs,
                        outputs,
                        weights.array(),
                        weights.offset() + tap * inputs * outputs,
                        outputs,
                        rotated.array(),
                        rotated.offset() + (TAPS - 1 - tap) * inputs * outputs,
                        inputs));
        return rotated;
    }

    void weightGradient(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        weightGradient.run(x, dy, dw, parallelism, workspace);
    }
}
