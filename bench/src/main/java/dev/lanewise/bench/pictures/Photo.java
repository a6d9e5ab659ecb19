package dev.lanewise.bench.pictures;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A photograph on its way to a network that was trained on Fashion-MNIST: made gray, cut to the article, scaled, centred
 * on black.
 *
 * <p>The steps follow those that made the data set (Xiao, Rasul and Vollgraf 2017, figure 1): edges near the background's
 * colour are trimmed away, the longer side is scaled to the size wanted, the shorter side is filled up with background,
 * and a light background is turned dark. An image that has the size wanted already is taken as it is, apart from being
 * turned dark if its background is light. A photograph that a camera stored lying down is set upright first.
 */
public final class Photo {
    /** Edges within this distance of the background are trimmed, as in the paper. */
    private static final float NEAR = 0.05f;

    /** Some 400 MB decoded: more is a mistake or an attack. */
    private static final long MOST_PIXELS = 100_000_000;

    private final BufferedImage image;
    private final int orientation;

    /** Whether light and dark are exchanged. */
    public enum Inversion {
        /** They are if the background, the median of the pixels along the four edges, is lighter than middle gray. */
        AUTOMATIC,
        /** They always are. */
        ALWAYS,
        /** They never are. */
        NEVER
    }

    private Photo(BufferedImage image, int orientation) {
        this.image = image;
        this.orientation = orientation;
    }

    /**
     * Reads a photograph.
     *
     * @param file a PNG or JPEG file, or any other that Java can read
     * @return the photograph
     * @throws IOException with a message that names the file, if it isn't there or is no image
     */
    public static Photo read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + ": no such file; expected a PNG or JPEG image");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": a folder; expected a PNG or JPEG image");
        }
        if (!Files.isReadable(file)) {
            throw new IOException(file + ": permission denied; expected a readable PNG or JPEG image");
        }
        ImageIO.setUseCache(false);
        try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
            return decode(file, stream);
        } catch (IOException | RuntimeException broken) {
            String reason = broken.getMessage() == null ? broken.toString() : broken.getMessage();
            throw broken instanceof Refused refused
                    ? refused
                    : new IOException(file + ": broken (" + reason + "); expected a PNG or JPEG image", broken);
        }
    }

    /**
     * Wraps an image.
     *
     * @param image the image, of any type and size
     * @return the photograph
     */
    public static Photo of(BufferedImage image) {
        return new Photo(image, ExifOrientation.UPRIGHT);
    }

    private static Photo decode(Path file, ImageInputStream stream) throws IOException {
        Iterator<ImageReader> readers = stream == null ? null : ImageIO.getImageReaders(stream);
        if (readers == null || !readers.hasNext()) {
            throw new Refused(file + ": no image; expected a PNG or JPEG image");
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(stream, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if ((long) width * height > MOST_PIXELS) {
                throw new Refused(file + ": " + width + "x" + height + " pixels; expected an image of at most "
                        + MOST_PIXELS / 1_000_000 + " megapixels");
            }
            return new Photo(reader.read(0), ExifOrientation.of(file));
        } finally {
            reader.dispose();
        }
    }

    /**
     * Returns the pixels as a network takes them.
     *
     * @param height rows wanted
     * @param width columns wanted
     * @param channels 1 for gray; 3 for red, green and blue, which are scaled to fill the size and not inverted
     * @param inversion whether light and dark are exchanged; for gray only
     * @return pixels from 0, black, to 1, white, shape {@code [height, width, channels]}
     * @throws IllegalArgumentException if {@code channels} is neither 1 nor 3
     */
    public float[] pixels(int height, int width, int channels, Inversion inversion) {
        if (channels == 1) {
            return gray(height, width, inversion);
        }
        if (channels != 3) {
            throw new IllegalArgumentException("photo: channels is " + channels + "; it must be 1 or 3");
        }
        float[] pixels = new float[height * width * channels];
        for (int c = 0; c < channels; c++) {
            float[] scaled = channel(c).scale(height, width).values();
            for (int i = 0; i < scaled.length; i++) {
                pixels[i * channels + c] = scaled[i];
            }
        }
        return pixels;
    }

    private float[] gray(int height, int width, Inversion inversion) {
        Plane plane = gray();
        float background = background(plane);
        boolean invert = inversion == Inversion.ALWAYS || inversion == Inversion.AUTOMATIC && background > 0.5f;
        if (invert) {
            plane = plane.map(v -> 1 - v);
            background = 1 - background;
        }
        if (plane.height() == height && plane.width() == width) {
            return plane.values();
        }
        Plane article = trim(plane, background);
        double scale = Math.min((double) height / article.height(), (double) width / article.width());
        int scaledHeight = Math.clamp(Math.round(article.height() * scale), 1, height);
        int scaledWidth = Math.clamp(Math.round(article.width() * scale), 1, width);
        float black = background;
        Plane scaled = article.scale(scaledHeight, scaledWidth)
                .map(v -> black < 1 ? Math.max(0, (v - black) / (1 - black)) : v);
        return scaled.centredOnBlack(height, width).values();
    }

    /** The median of the pixels along the four edges. */
    private static float background(Plane plane) {
        float[] edge = new float[2 * plane.width() + 2 * plane.height()];
        int n = 0;
        for (int x = 0; x < plane.width(); x++) {
            edge[n++] = plane.at(0, x);
            edge[n++] = plane.at(plane.height() - 1, x);
        }
        for (int y = 0; y < plane.height(); y++) {
            edge[n++] = plane.at(y, 0);
            edge[n++] = plane.at(y, plane.width() - 1);
        }
        Arrays.sort(edge);
        return edge[n / 2];
    }

    /** The smallest part that holds every pixel that isn't near the background; everything if all pixels are. */
    private static Plane trim(Plane plane, float background) {
        int top = plane.height();
        int bottom = -1;
        int left = plane.width();
        int right = -1;
        for (int y = 0; y < plane.height(); y++) {
            for (int x = 0; x < plane.width(); x++) {
                if (Math.abs(plane.at(y, x) - background) > NEAR) {
                    top = Math.min(top, y);
                    bottom = y;
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                }
            }
        }
        return bottom < 0 ? plane : plane.part(top, left, bottom - top + 1, right - left + 1);
    }

    /** ITU-R BT.601's luma, which is what gray usually means. */
    private Plane gray() {
        Plane red = channel(0);
        Plane green = channel(1);
        Plane blue = channel(2);
        float[] values = new float[red.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.299f * red.values()[i] + 0.587f * green.values()[i] + 0.114f * blue.values()[i];
        }
        return new Plane(values, red.height(), red.width());
    }

    /** Red, green or blue, laid on white where the image is transparent. */
    private Plane channel(int c) {
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            return grayAsStored().upright(orientation);
        }
        int width = image.getWidth();
        int height = image.getHeight();
        float[] values = new float[height * width];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                float alpha = (row[x] >>> 24) / 255f;
                float value = (row[x] >>> (16 - 8 * c) & 0xFF) / 255f;
                values[y * width + x] = value * alpha + (1 - alpha);
            }
        }
        return new Plane(values, height, width).upright(orientation);
    }

    /** Java takes a gray image's samples for linear light and would make it much lighter; files don't mean that. */
    private Plane grayAsStored() {
        Raster raster = image.getRaster();
        float most = (1 << image.getColorModel().getComponentSize(0)) - 1;
        boolean transparent = image.getColorModel().hasAlpha();
        float[] values = new float[raster.getHeight() * raster.getWidth()];
        for (int i = 0; i < values.length; i++) {
            int y = i / raster.getWidth();
            int x = i % raster.getWidth();
            float alpha = transparent ? raster.getSample(x, y, 1) / most : 1;
            values[i] = raster.getSample(x, y, 0) / most * alpha + (1 - alpha);
        }
        return new Plane(values, raster.getHeight(), raster.getWidth());
    }

    /** Refused with a message of its own. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }
}
