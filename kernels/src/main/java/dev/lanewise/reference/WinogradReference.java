package dev.lanewise.reference;

import dev.lanewise.reference.WinogradLines.Line;
import java.util.function.UnaryOperator;

/**
 * The 3x3 convolution of stride 1 and its gradients by Winograd's algorithm F(4x4, 3x3), one tile at a time in the order of
 * the kernels, and how far from the truth they may be.
 *
 * <p>Outputs are computed in tiles of 4x4, from 6x6 inputs: {@code y = A^T [sum over ci of (G w G^T) (B^T x B)] A + bias}
 * (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015), position by position within the brackets. Each
 * sum is one chain of fused multiply-adds that begins with 0 and takes ci in ascending order. The input gradient is the
 * convolution of dy with the weights rotated by half a turn; the weight gradient is {@code dw + G^T [sum over tiles of (B^T x
 * B) (A dy A^T)] G}, a chain over images and tiles in ascending order. What lies outside of an image is zero and takes part.
 *
 * <p>The bounds follow from counting roundings, as in Barabasz, Anderson, Soodhalter and Gregg, Error Analysis and Improving
 * the Accuracy of Winograd Convolution for Deep Neural Networks (2020): each term goes through 4 in {@code B^T x B}, 8 in
 * {@code G w G^T} (those of the scales among them), 6 in {@code A^T M A} or {@code A dy A^T}, 10 in {@code G^T M G}, one for
 * each step of the chain, and one for the bias or what is added to. So the error is at most {@code gamma(r)} times what the
 * same formula gives for the magnitudes of all numbers, those in the matrices too, unless something underflows.
 *
 * <p>Arrays are those of {@link ConvolutionReference}.
 *
 * @param batch the number of images
 * @param vertical the rows: a kernel of 3, stride and dilation 1
 * @param horizontal the columns: a kernel of 3, stride and dilation 1
 * @param inChannels channels of the input
 * @param outChannels channels of the output
 */
public record WinogradReference(
        int batch, WindowAxis vertical, WindowAxis horizontal, int inChannels, int outChannels) {
    private static final int TILE = 4;
    private static final int REACH = 6;
    private static final int POSITIONS = REACH * REACH;
    private static final double UNIT = 0x1p-24;

    /** Roundings of a forward pass beside its chain. */
    private static final int FORWARD_ROUNDINGS = 4 + 8 + 6 + 1;

    /** Roundings of a weight gradient beside its chain. */
    private static final int WEIGHT_ROUNDINGS = 4 + 6 + 10 + 1;

    /**
     * Computes the forward pass.
     *
     * @param x the images
     * @param w the weights
     * @param bias one value for each output channel
     * @return y
     */
    public float[] forward(float[] x, float[] w, float[] bias) {
        float[] y = new float[batch * vertical.output() * horizontal.output() * outChannels];
        float[][] u = new float[inChannels * outChannels][];
        for (int filter = 0; filter < u.length; filter++) {
            u[filter] = WinogradLines.square(taps(w, filter), 3, WinogradLines::weights);
        }
        for (int tile = 0; tile < tiles(); tile++) {
            float[][] v = transformed(x, tile, true, WinogradLines::input);
            for (int co = 0; co < outChannels; co++) {
                float[] m = new float[POSITIONS];
                for (int ci = 0; ci < inChannels; ci++) {
                    addProducts(v[ci], u[ci * outChannels + co], m);
                }
                float[] square = WinogradLines.square(m, REACH, WinogradLines::output);
                for (int i = 0; i < square.length; i++) {
                    int at = outputAt(tile, i, co);
                    if (at >= 0) {
                        y[at] = square[i] + bias[co];
                    }
                }
            }
        }
        return y;
    }

    /**
     * Computes the gradient of the input.
     *
     * @param dy the gradient of the output
     * @param w the weights
     * @return dx
     */
    public float[] inputGradient(float[] dy, float[] w) {
        return back().forward(dy, rotated(w), new float[inChannels]);
    }

    /**
     * Computes the gradient of the weights.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param start what the gradient is added to
     * @return dw
     */
    public float[] weightGradient(float[] x, float[] dy, float[] start) {
        float[] dw = start.clone();
        float[][] m = new float[inChannels * outChannels][POSITIONS];
        for (int tile = 0; tile < tiles(); tile++) {
            float[][] v = transformed(x, tile, true, WinogradLines::input);
            float[][] z = transformed(dy, tile, false, WinogradLines::outputGradient);
            for (int filter = 0; filter < m.length; filter++) {
                addProducts(v[filter / outChannels], z[filter % outChannels], m[filter]);
            }
        }
        for (int filter = 0; filter < m.length; filter++) {
            float[] square = WinogradLines.square(m[filter], REACH, WinogradLines::weightGradient);
            for (int tap = 0; tap < 9; tap++) {
                dw[tap * m.length + filter] += square[tap];
            }
        }
        return dw;
    }

    /**
     * Bounds the error of {@link #forward(float[], float[], float[])}.
     *
     * @param x the images
     * @param w the weights
     * @param bias one value for each output channel
     * @return for each output how far from the truth it may be at most
     */
    public double[] forwardBounds(float[] x, float[] w, float[] bias) {
        double[] bounds = new double[batch * vertical.output() * horizontal.output() * outChannels];
        double[][] u = new double[inChannels * outChannels][];
        for (int filter = 0; filter < u.length; filter++) {
            u[filter] = WinogradLines.magnitudes(magnitudes(taps(w, filter)), WinogradLines.WEIGHTS, false);
        }
        for (int tile = 0; tile < tiles(); tile++) {
            double[][] v =
                    magnitudes(x, tile, true, square -> WinogradLines.magnitudes(square, WinogradLines.INPUT, false));
            for (int co = 0; co < outChannels; co++) {
                double[] m = new double[POSITIONS];
                for (int ci = 0; ci < inChannels; ci++) {
                    addProducts(v[ci], u[ci * outChannels + co], m);
                }
                double[] square = WinogradLines.magnitudes(m, WinogradLines.OUTPUT, false);
                for (int i = 0; i < square.length; i++) {
                    int at = outputAt(tile, i, co);
                    if (at >= 0) {
                        bounds[at] = gamma(inChannels + FORWARD_ROUNDINGS) * (square[i] + Math.abs(bias[co]));
                    }
                }
            }
        }
        return bounds;
    }

    /**
     * Bounds the error of {@link #inputGradient}.
     *
     * @param dy the gradient of the output
     * @param w the weights
     * @return for each element how far from the truth it may be at most
     */
    public double[] inputGradientBounds(float[] dy, float[] w) {
        return back().forwardBounds(dy, rotated(w), new float[inChannels]);
    }

    /**
     * Bounds the error of {@link #weightGradient}.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param start what the gradient is added to
     * @return for each weight how far from the truth its gradient may be at most
     */
    public double[] weightGradientBounds(float[] x, float[] dy, float[] start) {
        double[] bounds = new double[start.length];
        double[][] m = new double[inChannels * outChannels][POSITIONS];
        for (int tile = 0; tile < tiles(); tile++) {
            double[][] v =
                    magnitudes(x, tile, true, square -> WinogradLines.magnitudes(square, WinogradLines.INPUT, false));
            double[][] z =
                    magnitudes(dy, tile, false, square -> WinogradLines.magnitudes(square, WinogradLines.OUTPUT, true));
            for (int filter = 0; filter < m.length; filter++) {
                addProducts(v[filter / outChannels], z[filter % outChannels], m[filter]);
            }
        }
        for (int filter = 0; filter < m.length; filter++) {
            double[] square = WinogradLines.magnitudes(m[filter], WinogradLines.WEIGHTS, true);
            for (int tap = 0; tap < 9; tap++) {
                int at = tap * m.length + filter;
                bounds[at] = gamma(tiles() + WEIGHT_ROUNDINGS) * (square[tap] + Math.abs(start[at]));
            }
        }
        return bounds;
    }

    /** One rounding more covers those of the magnitudes in double. */
    private static double gamma(int roundings) {
        double n = (roundings + 1) * UNIT;
        return n / (1 - n);
    }

    /** The convolution that is the input gradient. */
    private WinogradReference back() {
        return new WinogradReference(batch, back(vertical), back(horizontal), outChannels, inChannels);
    }

    /** The output's axis as that of an input: what was padded by one is now padded by one, what was not by two. */
    private static WindowAxis back(WindowAxis axis) {
        return new WindowAxis(axis.output(), 3, 1, 2 - axis.padBefore(), 2 - axis.padAfter(), 1);
    }

    private float[] rotated(float[] w) {
        float[] rotated = new float[w.length];
        int filters = inChannels * outChannels;
        for (int i = 0; i < w.length; i++) {
            int ci = i / outChannels % inChannels;
            int co = i % outChannels;
            rotated[(8 - i / filters) * filters + co * inChannels + ci] = w[i];
        }
        return rotated;
    }

    private float[] taps(float[] w, int filter) {
        float[] taps = new float[9];
        for (int tap = 0; tap < 9; tap++) {
            taps[tap] = w[tap * inChannels * outChannels + filter];
        }
        return taps;
    }

    private int tileRows() {
        return (vertical.output() + TILE - 1) / TILE;
    }

    private int tileColumns() {
        return (horizontal.output() + TILE - 1) / TILE;
    }

    private int tiles() {
        return batch * tileRows() * tileColumns();
    }

    /** Where an element of a tile's outputs is, or -1 outside of the image. */
    private int outputAt(int tile, int element, int co) {
        int row = tile / tileColumns() % tileRows() * TILE + element / TILE;
        int column = tile % tileColumns() * TILE + element % TILE;
        if (row >= vertical.output() || column >= horizontal.output()) {
            return -1;
        }
        int image = tile / tileColumns() / tileRows();
        return ((image * vertical.output() + row) * horizontal.output() + column) * outChannels + co;
    }

    /** Where an element of a tile's inputs is, or -1 outside of the image. */
    private int inputAt(int tile, int element, int ci) {
        int row = tile / tileColumns() % tileRows() * TILE + element / REACH - vertical.padBefore();
        int column = tile % tileColumns() * TILE + element % REACH - horizontal.padBefore();
        if (row < 0 || row >= vertical.input() || column < 0 || column >= horizontal.input()) {
            return -1;
        }
        int image = tile / tileColumns() / tileRows();
        return ((image * vertical.input() + row) * horizontal.input() + column) * inChannels + ci;
    }

    /** A tile of inputs or of outputs, for one channel. */
    private float[] square(float[] values, int tile, boolean ofInput, int channel) {
        float[] square = new float[ofInput ? POSITIONS : TILE * TILE];
        for (int i = 0; i < square.length; i++) {
            int at = ofInput ? inputAt(tile, i, channel) : outputAt(tile, i, channel);
            square[i] = at < 0 ? 0 : values[at];
        }
        return square;
    }

    private float[][] transformed(float[] values, int tile, boolean ofInput, Line line) {
        float[][] all = new float[ofInput ? inChannels : outChannels][];
        for (int channel = 0; channel < all.length; channel++) {
            all[channel] = WinogradLines.square(square(values, tile, ofInput, channel), ofInput ? REACH : TILE, line);
        }
        return all;
    }

    private double[][] magnitudes(float[] values, int tile, boolean ofInput, UnaryOperator<double[]> transform) {
        double[][] all = new double[ofInput ? inChannels : outChannels][];
        for (int channel = 0; channel < all.length; channel++) {
            all[channel] = transform.apply(magnitudes(square(values, tile, ofInput, channel)));
        }
        return all;
    }

    private static double[] magnitudes(float[] values) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs((double) values[i]);
        }
        return magnitudes;
    }

    private static void addProducts(float[] v, float[] u, float[] m) {
        for (int p = 0; p < m.length; p++) {
            m[p] = Math.fma(v[p], u[p], m[p]);
        }
    }

    private static void addProducts(double[] v, double[] u, double[] m) {
        for (int p = 0; p < m.length; p++) {
            m[p] += v[p] * u[p];
        }
    }
}
