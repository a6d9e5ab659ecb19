package dev.lanewise.bench.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.pictures.Photo.Inversion;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoTest {
    @TempDir
    private Path folder;

    @Test
    void takesAnImageOfTheRightSizeAsItIs() throws IOException {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 28; i++) {
            image.getRaster().setSample(i, 14, 0, i * 9);
        }
        Path file = folder.resolve("a.png");
        ImageIO.write(image, "png", file.toFile());
        float[] pixels = Photo.read(file).pixels(28, 28, 1, Inversion.AUTOMATIC);
        for (int i = 0; i < 28; i++) {
            assertEquals(i * 9 / 255f, pixels[14 * 28 + i], 1e-6f);
        }
    }

    @Test
    void aDarkArticleOnWhiteAndALightOneOnBlackComeOutAlike() {
        float[] onWhite = Photo.of(article(Color.WHITE, Color.BLACK)).pixels(28, 28, 1, Inversion.AUTOMATIC);
        float[] onBlack = Photo.of(article(Color.BLACK, Color.WHITE)).pixels(28, 28, 1, Inversion.AUTOMATIC);
        assertArrayEquals(onBlack, onWhite, 1e-6f);
        assertEquals(1, onWhite[14 * 28 + 14], 1e-5f, "the article is light");
        assertEquals(0, onWhite[14 * 28], "its surroundings are black");
    }

    @Test
    void fillsTheLongerSideAndCentresTheShorter() {
        float[] pixels = Photo.of(article(Color.WHITE, Color.BLACK)).pixels(28, 28, 1, Inversion.AUTOMATIC);
        // The article is 100 wide and 200 high: 14 columns of 28.
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                assertEquals(x >= 7 && x < 21 ? 1 : 0, pixels[y * 28 + x], 1e-5f, y + ", " + x);
            }
        }
    }

    @Test
    void inversionCanBeForced() {
        float[] never = Photo.of(article(Color.WHITE, Color.BLACK)).pixels(28, 28, 1, Inversion.NEVER);
        float[] always = Photo.of(article(Color.BLACK, Color.WHITE)).pixels(28, 28, 1, Inversion.ALWAYS);
        assertEquals(0, never[14 * 28 + 14], 1e-5f);
        assertEquals(0, always[14 * 28 + 14], 1e-5f);
    }

    @Test
    void transparencyIsWhite() {
        BufferedImage image = new BufferedImage(300, 300, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.BLACK);
        g.fillRect(100, 50, 100, 200);
        g.dispose();
        float[] expected = Photo.of(article(Color.WHITE, Color.BLACK)).pixels(28, 28, 1, Inversion.AUTOMATIC);
        assertArrayEquals(expected, Photo.of(image).pixels(28, 28, 1, Inversion.AUTOMATIC), 1e-6f);
    }

    @Test
    void givesColoursWhereTheNetworkTakesThem() {
        float[] pixels = Photo.of(article(Color.RED, Color.RED)).pixels(32, 32, 3, Inversion.AUTOMATIC);
        assertEquals(32 * 32 * 3, pixels.length);
        assertArrayEquals(new float[] {1, 0, 0}, new float[] {pixels[300], pixels[301], pixels[302]}, 1e-6f);
    }

    @Test
    void smallAndBlankImagesAreTaken() {
        BufferedImage dot = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        assertEquals(28 * 28, Photo.of(dot).pixels(28, 28, 1, Inversion.AUTOMATIC).length);
        BufferedImage white = article(Color.WHITE, Color.WHITE);
        for (float v : Photo.of(white).pixels(28, 28, 1, Inversion.AUTOMATIC)) {
            assertEquals(0, v);
        }
    }

    @Test
    void setsAPhotographUprightAsItsCameraNoted() throws IOException {
        // Wider than high, and darker on the left: stored lying on its side, so that its left is up.
        BufferedImage image = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(100, 0, 100, 100);
        g.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", jpeg);
        Path plain = Files.write(folder.resolve("plain.jpg"), jpeg.toByteArray());
        Path noted = Files.write(folder.resolve("noted.jpg"), withOrientation(jpeg.toByteArray(), 6));
        float[] lying = Photo.read(plain).pixels(32, 32, 3, Inversion.NEVER);
        float[] upright = Photo.read(noted).pixels(32, 32, 3, Inversion.NEVER);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                assertEquals(lying[(y * 32 + x) * 3], upright[(x * 32 + (31 - y)) * 3], 0.02f, y + ", " + x);
            }
        }
    }

    @Test
    void everyOrientationIsUndone() {
        Plane upright = new Plane(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        float[][] stored = {
            {1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
            {1, 4, 2, 5, 3, 6}, {3, 6, 2, 5, 1, 4}, {6, 3, 5, 2, 4, 1}, {4, 1, 5, 2, 6, 3}
        };
        for (int orientation = 1; orientation <= 8; orientation++) {
            int height = orientation >= 5 ? 3 : 2;
            Plane plane = new Plane(stored[orientation - 1], height, 5 - height).upright(orientation);
            assertArrayEquals(upright.values(), plane.values(), "orientation " + orientation);
            assertEquals(2, plane.height());
        }
    }

    @Test
    void refusesWhatIsNoImage() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
        Path missing = folder.resolve("missing.png");
        Path whole = folder.resolve("whole.png");
        ImageIO.write(article(Color.WHITE, Color.BLACK), "png", whole.toFile());
        Path cut = folder.resolve("cut.png");
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        for (Path file : new Path[] {text, missing, cut, folder}) {
            String message =
                    assertThrows(IOException.class, () -> Photo.read(file)).getMessage();
            assertTrue(message.startsWith(file + ": ") && message.contains("PNG or JPEG image"), message);
            assertEquals(1, message.lines().count());
        }
    }

    /** Puts an Exif segment with an orientation behind the JPEG's first two bytes. */
    private static byte[] withOrientation(byte[] jpeg, int orientation) {
        ByteBuffer segment = ByteBuffer.allocate(2 + 2 + 6 + 8 + 2 + 12 + 4);
        segment.putShort((short) 0xFFE1).putShort((short) (segment.capacity() - 2));
        segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        segment.put("MM".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8);
        segment.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
        segment.putShort((short) orientation).putShort((short) 0).putInt(0);
        return ByteBuffer.allocate(jpeg.length + segment.capacity())
                .put(jpeg, 0, 2)
                .put(segment.array())
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** An upright rectangle of 100 x 200 in the middle of 300 x 300. */
    private static BufferedImage article(Color background, Color colour) {
        BufferedImage image = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(background);
        g.fillRect(0, 0, 300, 300);
        g.setColor(colour);
        g.fillRect(100, 50, 100, 200);
        g.dispose();
        return image;
    }
}
