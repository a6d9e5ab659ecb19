package dev.lanewise.nn.data;

import dev.lanewise.nn.io.FileException;
import dev.lanewise.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 70,000 photographs of clothes, 28 x 28 grey bytes each, in ten classes.
 *
 * @param training the images to learn from
 * @param test the images to judge by
 * @param source where they came from
 */
public record FashionMnist(LabeledImages training, LabeledImages test, String source) {
    /** The names of the ten classes, label 0 first. */
    public static final List<String> CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    /** Height and width of an image. */
    public static final int SIDE = 28;

    static final String TRAINING_IMAGES = "train-images-idx3-ubyte";
    static final String TRAINING_LABELS = "train-labels-idx1-ubyte";
    static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    static final List<String> FILES = List.of(TRAINING_IMAGES, TRAINING_LABELS, TEST_IMAGES, TEST_LABELS);

    /**
     * Reads the four files of a source.
     *
     * @param source the source
     * @return the images, on the scale from 0 to 1
     * @throws FileException if a file is missing, truncated or not what its name says, or images and labels disagree in
     *     number
     * @throws IOException if the source fails
     */
    public static FashionMnist read(IdxSource source) throws IOException {
        return new FashionMnist(
                images(source, TRAINING_IMAGES, TRAINING_LABELS),
                images(source, TEST_IMAGES, TEST_LABELS),
                source.description());
    }

    /** Tells whether a source has at least one of the files: then it is meant, and what it lacks is an error. */
    static boolean isIn(IdxSource source) throws IOException {
        for (String file : FILES) {
            try (InputStream in = source.open(file)) {
                if (in != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private static LabeledImages images(IdxSource source, String imageFile, String labelFile) throws IOException {
        Idx images = idx(source, imageFile, 3);
        Idx labels = idx(source, labelFile, 1);
        if (images.dimensions().get(1) != SIDE || images.dimensions().get(2) != SIDE) {
            throw new FileException(
                    source.nameOf(imageFile),
                    "its images are " + images.dimensions().get(1) + "x"
                            + images.dimensions().get(2) + "; expected " + SIDE + "x" + SIDE);
        }
        int count = images.dimensions().get(0);
        if (count != labels.data().length) {
            throw new FileException(
                    source.nameOf(imageFile),
                    "has " + count + " images, but " + source.nameOf(labelFile) + " has " + labels.data().length
                            + " labels; expected as many of one as of the other");
        }
        for (int i = 0; i < labels.data().length; i++) {
            if ((labels.data()[i] & 0xFF) >= CLASSES.size()) {
                throw new FileException(
                        source.nameOf(labelFile),
                        "label " + i + " is " + (labels.data()[i] & 0xFF) + "; expected 0 to " + (CLASSES.size() - 1));
            }
        }
        return LabeledImages.of(images.data(), labels.data(), Shape.of(SIDE, SIDE, 1), CLASSES);
    }

    private static Idx idx(IdxSource source, String file, int rank) throws IOException {
        try (InputStream in = source.open(file)) {
            if (in == null) {
                throw new FileException(source.nameOf(file), "no such file; expected one of the four of Fashion-MNIST");
            }
            return Idx.read(source.nameOf(file), in, rank);
        } catch (FileException e) {
            throw e;
        } catch (IOException e) {
            throw new FileException(
                    source.nameOf(file), "can't be read; expected an IDX file: " + FileException.reason(e), e);
        }
    }
}
