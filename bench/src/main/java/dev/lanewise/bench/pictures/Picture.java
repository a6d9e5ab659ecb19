package dev.lanewise.bench.pictures;

import dev.lanewise.nn.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/** Writes pictures. A machine without fonts or without Java's desktop libraries can't draw: that fails no command. */
public final class Picture {
    private Picture() {}

    /**
     * Draws and writes a PNG. It is written beside its place and renamed, so that a picture that was there before stays
     * whole until then.
     *
     * @param file where to; its folder must exist
     * @param drawing makes the picture
     * @throws CannotDraw if this machine can't draw
     * @throws IOException if it can't be written
     */
    public static void save(Path file, Supplier<BufferedImage> drawing) throws IOException {
        byte[] png = encode(drawing);
        AtomicFile.write(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(png);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static byte[] encode(Supplier<BufferedImage> drawing) throws CannotDraw {
        // No window is ever opened; said before the first use of the desktop libraries, which look for a display.
        System.setProperty("java.awt.headless", "true");
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.setUseCache(false);
            ImageIO.write(drawing.get(), "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | LinkageError | InternalError noFonts) {
            // Without fonts the JDK answers with any of these, from deep within.
            throw new CannotDraw(noFonts);
        }
    }

    /** This machine can't draw text. */
    public static final class CannotDraw extends IOException {
        private static final long serialVersionUID = 1;

        CannotDraw(Throwable cause) {
            super("this Java can't draw text (" + cause + "); install fontconfig and a font such as DejaVu", cause);
        }
    }
}
