package dev.lanewise.bench.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws test images with what the network took them for, the mistakes marked in red with what they are. */
public final class PredictionSheet {
    private static final int COLUMNS = 10;
    private static final int PICTURE = 112;
    private static final int CELL_WIDTH = PICTURE + 16;
    private static final int CELL_HEIGHT = PICTURE + 50;
    private static final int MARGIN = 24;
    private static final int TITLE = 64;

    private static final Color RIGHT = new Color(0x33, 0x33, 0x33);
    private static final Color WRONG = new Color(0xC6, 0x28, 0x28);
    private static final Color NOTE = new Color(0x66, 0x66, 0x66);

    private PredictionSheet() {}

    /**
     * One image on the sheet.
     *
     * @param image the picture, of any size
     * @param predicted the name of the class it was taken for
     * @param actual the name of the class it is
     */
    public record Item(BufferedImage image, String predicted, String actual) {
        boolean isRight() {
            return predicted.equals(actual);
        }
    }

    /**
     * Draws a sheet.
     *
     * @param title the heading
     * @param note a line under it
     * @param items the images, in rows of ten from the left; at least one
     * @return a picture as high as its rows
     */
    public static BufferedImage draw(String title, String note, List<Item> items) {
        int rows = (items.size() + COLUMNS - 1) / COLUMNS;
        int width = 2 * MARGIN + COLUMNS * CELL_WIDTH;
        int height = 2 * MARGIN + TITLE + rows * CELL_HEIGHT;
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        heading(g, title, note);
        for (int i = 0; i < items.size(); i++) {
            int x = MARGIN + i % COLUMNS * CELL_WIDTH;
            int y = MARGIN + TITLE + i / COLUMNS * CELL_HEIGHT;
            cell(g, items.get(i), x, y);
        }
        g.dispose();
        return sheet;
    }

    private static void heading(Graphics2D g, String title, String note) {
        g.setColor(RIGHT);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 20));
        g.drawString(title, MARGIN + 8, MARGIN + 16);
        g.setColor(NOTE);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        g.drawString(note, MARGIN + 8, MARGIN + 40);
    }

    private static void cell(Graphics2D g, Item item, int x, int y) {
        int left = x + (CELL_WIDTH - PICTURE) / 2;
        g.drawImage(item.image(), left, y, PICTURE, PICTURE, null);
        if (!item.isRight()) {
            g.setColor(WRONG);
            g.setStroke(new BasicStroke(4));
            g.drawRect(left - 3, y - 3, PICTURE + 5, PICTURE + 5);
        }
        g.setFont(new Font(Font.SANS_SERIF, item.isRight() ? Font.PLAIN : Font.BOLD, 13));
        g.setColor(item.isRight() ? RIGHT : WRONG);
        centred(g, item.predicted(), x, y + PICTURE + 18);
        if (!item.isRight()) {
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            centred(g, "is: " + item.actual(), x, y + PICTURE + 33);
        }
    }

    private static void centred(Graphics2D g, String text, int x, int baseline) {
        FontMetrics metrics = g.getFontMetrics();
        g.drawString(text, x + (CELL_WIDTH - metrics.stringWidth(text)) / 2, baseline);
    }
}
