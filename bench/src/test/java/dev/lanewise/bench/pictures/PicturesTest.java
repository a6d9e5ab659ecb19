package dev.lanewise.bench.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.pictures.LearningCurves.Point;
import dev.lanewise.bench.pictures.PredictionSheet.Item;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
    private static final int WRONG = 0xFFC62828;

    @TempDir
    private Path folder;

    @Test
    void drawsLearningCurves() throws IOException {
        List<Point> points = new ArrayList<>();
        for (int epoch = 1; epoch <= 8; epoch++) {
            points.add(new Point(epoch, 1.0 / epoch, 1 - 0.4 / epoch, 1.1 / epoch, 1 - 0.5 / epoch));
        }
        BufferedImage image = saved(() -> LearningCurves.draw("lenet", points));
        assertEquals(LearningCurves.WIDTH, image.getWidth());
        assertEquals(LearningCurves.HEIGHT, image.getHeight());
        Set<Integer> colours = colours(image);
        assertTrue(colours.contains(0xFF1F77B4), "the training curve's colour");
        assertTrue(colours.contains(0xFFD95F02), "the validation curve's colour");
    }

    @Test
    void drawsCurvesOfOneEpochAndOfNone() {
        LearningCurves.draw("one", List.of(new Point(1, 0.5, 0.8, 0.6, 0.7)));
        LearningCurves.draw("none", List.of());
    }

    @Test
    void marksMistakesAlone() throws IOException {
        BufferedImage tiny = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        List<Item> right = Collections.nCopies(12, new Item(tiny, "Coat", "Coat"));
        List<Item> oneWrong = new ArrayList<>(right);
        oneWrong.set(3, new Item(tiny, "Coat", "Shirt"));
        assertFalse(colours(saved(() -> PredictionSheet.draw("t", "n", right))).contains(WRONG));
        BufferedImage sheet = saved(() -> PredictionSheet.draw("t", "n", oneWrong));
        assertTrue(colours(sheet).contains(WRONG));
        assertEquals(PredictionSheet.draw("t", "n", right).getHeight(), sheet.getHeight());
    }

    @Test
    void leavesAnOldPictureAsItIsWhenTheNewOneCannotBeDrawn() throws IOException {
        Path file = folder.resolve("old.png");
        Files.writeString(file, "old");
        assertThrows(
                Picture.CannotDraw.class,
                () -> Picture.save(file, () -> {
                    throw new InternalError("no fonts");
                }));
        assertEquals("old", Files.readString(file));
    }

    private BufferedImage saved(java.util.function.Supplier<BufferedImage> drawing) throws IOException {
        Path file = folder.resolve("picture.png");
        Picture.save(file, drawing);
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing but the picture is left");
        }
        return ImageIO.read(file.toFile());
    }

    private static Set<Integer> colours(BufferedImage image) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }
}
