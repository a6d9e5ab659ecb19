package dev.lanewise.nn.data;

import dev.lanewise.nn.Normalization;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Images of one size with a label each. Immutable: {@link #normalized} and {@link #first} return others
 * that share the bytes.
 *
 * <p>Images stay bytes, a quarter of what floats would take, and become floats batch by batch through a table of 256
 * values.
 */
public final class LabeledImages implements Dataset<int[]> {
    private final byte[] pixels;
    private final byte[] labels;
    private final Shape inputShape;
    private final List<String> classes;
    private final Normalization normalization;
    private final float[] table;

    private LabeledImages(
            byte[] pixels, byte[] labels, Shape inputShape, List<String> classes, Normalization normalization) {
        this.pixels = pixels;
        this.labels = labels;
        this.inputShape = inputShape;
        this.classes = List.copyOf(classes);
        this.normalization = normalization;
        this.table = normalization.table();
    }

    /**
     * Returns images with labels, on the scale from 0 to 1.
     *
     * @param pixels the bytes, {@code [count, height, width, channels]} row-major; kept, not copied
     * @param labels a label for each image, unsigned bytes below the number of classes; kept, not copied
     * @param inputShape the shape of one image, {@code [height, width, channels]}
     * @param classes the names of the classes; label 0 has the first
     * @return the images
     * @throws IllegalArgumentException if the numbers disagree or a label has no class
     */
    public static LabeledImages of(byte[] pixels, byte[] labels, Shape inputShape, List<String> classes) {
        Objects.requireNonNull(pixels, "pixels");
        if (inputShape.rank() != 3 || pixels.length != (long) labels.length * inputShape.size()) {
            throw new IllegalArgumentException(
                    "images: " + labels.length + " labels, " + pixels.length
                            + " bytes and images of " + inputShape
                            + "; the shape must be height x width x channels and there must be as many bytes as labels x shape");
        }
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xFF) >= classes.size()) {
                throw new IllegalArgumentException("images: label " + i + " is " + (labels[i] & 0xFF)
                        + "; it must be below the number of classes, " + classes.size());
            }
        }
        return new LabeledImages(pixels, labels, inputShape, classes, Normalization.NONE);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    /**
     * Returns the names of the classes.
     *
     * @return the names; label 0 has the first
     */
    public List<String> classes() {
        return classes;
    }

    /**
     * Returns how bytes become inputs.
     *
     * @return the normalization
     */
    public Normalization normalization() {
        return normalization;
    }

    /**
     * Returns the label of an image.
     *
     * @param index the image
     * @return its label
     */
    public int label(int index) {
        return labels[index] & 0xFF;
    }

    /**
     * Returns the bytes of an image.
     *
     * @param index the image
     * @return a copy, {@code [height, width, channels]} row-major, 0 to 255 unsigned
     */
    public byte[] image(int index) {
        Objects.checkIndex(index, labels.length);
        return Arrays.copyOfRange(pixels, index * inputShape.size(), (index + 1) * inputShape.size());
    }

    /**
     * Returns the normalization that would give these images a mean of 0 and a deviation of 1.
     *
     * @return their own normalization
     */
    public Normalization ownNormalization() {
        return Normalization.of(pixels);
    }

    /**
     * Returns the same images with other inputs.
     *
     * @param other how bytes become inputs
     * @return images that share the bytes
     */
    public LabeledImages normalized(Normalization other) {
        return new LabeledImages(pixels, labels, inputShape, classes, other);
    }

    /**
     * Returns the leading images.
     *
     * @param count how many, at least 0; all if there are fewer
     * @return images of their own
     */
    public LabeledImages first(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("images: count is " + count + "; it must be at least 0");
        }
        int kept = Math.min(count, size());
        return new LabeledImages(
                Arrays.copyOf(pixels, kept * inputShape.size()),
                Arrays.copyOf(labels, kept),
                inputShape,
                classes,
                normalization);
    }

    @Override
    public int[] newTargets(int count) {
        return new int[count];
    }

    @Override
    public void copy(int[] order, int from, Tensor inputs, int[] targets) {
        int length = inputShape.size();
        int count = inputs.shape().extent(0);
        if (inputs.size() != (long) count * length || targets.length != count) {
            throw new IllegalArgumentException("images: inputs are " + inputs.shape() + ", targets are "
                    + targets.length + "; they must be batch x " + inputShape + " and batch");
        }
        float[] out = inputs.array();
        for (int i = 0; i < count; i++) {
            int example = Objects.checkIndex(order[from + i], labels.length);
            targets[i] = labels[example] & 0xFF;
            int source = example * length;
            int target = inputs.offset() + i * length;
            for (int j = 0; j < length; j++) {
                out[target + j] = table[pixels[source + j] & 0xFF];
            }
        }
    }
}
