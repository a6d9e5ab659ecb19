package dev.lanewise.nn.layers;

import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;

/** Prepares convolutions of one geometry for the size of image seen last: one network mostly sees one size. Thread-safe. */
final class ConvolutionOfSize {
    private final ConvolutionGeometry geometry;
    private final ConvAlgorithm algorithm;

    /** Any thread may replace it by an equal one. */
    private volatile Prepared prepared;

    private record Prepared(int height, int width, Convolution convolution) {}

    ConvolutionOfSize(ConvolutionGeometry geometry, ConvAlgorithm algorithm) {
        this.geometry = geometry;
        this.algorithm = algorithm;
    }

    ConvolutionGeometry geometry() {
        return geometry;
    }

    ConvAlgorithm algorithm() {
        return algorithm;
    }

    Shape outputShape(Shape input) {
        if (input.rank() != 3 || input.extent(2) != geometry.inChannels()) {
            throw new ShapeMismatchException("conv2d: an example is " + input + "; it must be [height]x[width]x"
                    + geometry.inChannels() + ", channels last");
        }
        try {
            return Shape.of(
                    geometry.outputHeight(input.extent(0)),
                    geometry.outputWidth(input.extent(1)),
                    geometry.outChannels());
        } catch (IllegalArgumentException e) {
            throw new ShapeMismatchException("conv2d: an example is " + input + "; " + e.getMessage());
        }
    }

    Convolution prepare(int height, int width) {
        Prepared last = prepared;
        if (last == null || last.height != height || last.width != width) {
            last = new Prepared(height, width, Convolution.of(geometry, height, width, algorithm));
            prepared = last;
        }
        return last.convolution;
    }
}
