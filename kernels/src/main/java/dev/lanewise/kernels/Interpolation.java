package dev.lanewise.kernels;

/**
 * Which input pixels an output pixel of {@link Upsampling} is made of. For an axis of {@code in} inputs and {@code out}
 * outputs, output {@code o} lies at position
 *
 * <pre>
 *   NEAREST            floor(o in / out)
 *   BILINEAR           max(0, (o + 1/2) in / out - 1/2)
 *   BILINEAR_ALIGNED   o (in - 1) / (out - 1)              0 if out is 1
 * </pre>
 */
public enum Interpolation {
    /** The pixel at the position (PyTorch's {@code nearest}; ONNX's {@code asymmetric} with {@code floor}). */
    NEAREST,
    /**
     * Between the pixels before and after the position, in proportion; pixels are squares, whose centres lie at halves
     * (PyTorch's {@code bilinear} with {@code align_corners=False}; ONNX's {@code linear} with {@code half_pixel}).
     */
    BILINEAR,
    /**
     * Between the pixels before and after the position, in proportion; pixels are points, and those in the corners stay
     * where they are (PyTorch's {@code align_corners=True}; ONNX's {@code align_corners}).
     */
    BILINEAR_ALIGNED
}
