package dev.lanewise.bench.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws how loss and accuracy went over the epochs, on the images trained with and on those held back. */
public final class LearningCurves {
    /** The width of the picture, in pixels. */
    public static final int WIDTH = 1280;

    /** The height of the picture, in pixels. */
    public static final int HEIGHT = 520;

    private static final Color TRAINING = new Color(0x1F, 0x77, 0xB4);
    private static final Color VALIDATION = new Color(0xD9, 0x5F, 0x02);
    private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);
    private static final Color INK = new Color(0x33, 0x33, 0x33);

    private LearningCurves() {}

    /**
     * What one epoch came to.
     *
     * @param epoch its number, from 1
     * @param loss the mean training loss
     * @param accuracy the part of the training images that was right, 0 to 1
     * @param validationLoss the loss on the images held back
     * @param validationAccuracy the part of the images held back that was right, 0 to 1
     */
    public record Point(int epoch, double loss, double accuracy, double validationLoss, double validationAccuracy) {}

    /**
     * Draws the curves.
     *
     * @param title what was trained, such as {@code lenet on Fashion-MNIST}
     * @param points one for each epoch, in order
     * @return a picture of {@value #WIDTH} x {@value #HEIGHT} pixels: loss on the left, accuracy on the right
     */
    public static BufferedImage draw(String title, List<Point> points) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        g.setColor(INK);
        g.setFont(font(Font.BOLD, 20));
        g.drawString(title, (WIDTH - g.getFontMetrics().stringWidth(title)) / 2, 36);
        int top = 48;
        int half = WIDTH / 2;
        loss(points).draw(g, new Rectangle2D.Double(0, top, half, HEIGHT - top));
        accuracy(points).draw(g, new Rectangle2D.Double(half, top, half, HEIGHT - top));
        g.dispose();
        return image;
    }

    private static JFreeChart loss(List<Point> points) {
        XYSeries training = new XYSeries("training");
        XYSeries validation = new XYSeries("validation");
        for (Point point : points) {
            training.add(point.epoch(), point.loss());
            validation.add(point.epoch(), point.validationLoss());
        }
        return chart("Loss", training, validation, new DecimalFormat("0.00#", symbols()));
    }

    private static JFreeChart accuracy(List<Point> points) {
        XYSeries training = new XYSeries("training");
        XYSeries validation = new XYSeries("validation");
        for (Point point : points) {
            training.add(point.epoch(), point.accuracy() * 100);
            validation.add(point.epoch(), point.validationAccuracy() * 100);
        }
        return chart("Accuracy", training, validation, new DecimalFormat("0.##' %'", symbols()));
    }

    private static JFreeChart chart(String name, XYSeries training, XYSeries validation, DecimalFormat format) {
        XYSeriesCollection series = new XYSeriesCollection();
        series.addSeries(training);
        series.addSeries(validation);
        JFreeChart chart = ChartFactory.createXYLineChart(name, "epoch", null, series);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(0, 12, 12, 20));
        chart.getTitle().setFont(font(Font.PLAIN, 17));
        chart.getTitle().setPaint(INK);
        chart.getLegend().setItemFont(font(Font.PLAIN, 14));
        chart.getLegend().setFrame(BlockBorder.NONE);
        chart.getLegend().setPosition(RectangleEdge.BOTTOM);
        XYPlot plot = chart.getXYPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setOutlineVisible(false);
        plot.setRenderer(renderer(training.getItemCount()));
        axes(plot, training.getItemCount() == 0 ? 1 : (int) training.getMaxX(), format);
        return chart;
    }

    private static void axes(XYPlot plot, int epochs, DecimalFormat format) {
        NumberAxis across = (NumberAxis) plot.getDomainAxis();
        across.setRange(0.5, epochs + 0.5);
        across.setTickUnit(new NumberTickUnit(roundUp(epochs / 12.0)));
        across.setTickLabelFont(font(Font.PLAIN, 13));
        across.setLabelFont(font(Font.PLAIN, 14));
        NumberAxis up = (NumberAxis) plot.getRangeAxis();
        up.setAutoRangeIncludesZero(false);
        up.setNumberFormatOverride(format);
        up.setTickLabelFont(font(Font.PLAIN, 13));
        up.setAxisLineVisible(false);
        up.setTickMarksVisible(false);
        // Room around the labels makes the axis choose fewer of them.
        up.setTickLabelInsets(new RectangleInsets(9, 4, 9, 6));
    }

    /** Circles at the epochs while there is room for them: with one epoch they are all there is to see. */
    private static XYLineAndShapeRenderer renderer(int epochs) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, epochs <= 60);
        Color[] colours = {TRAINING, VALIDATION};
        for (int i = 0; i < colours.length; i++) {
            renderer.setSeriesPaint(i, colours[i]);
            renderer.setSeriesStroke(i, new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            renderer.setSeriesShape(i, new Ellipse2D.Double(-3.5, -3.5, 7, 7));
        }
        return renderer;
    }

    /** The next of 1, 2, 5, 10, 20, 50, ... */
    private static double roundUp(double least) {
        double power = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, least)))));
        for (double step : new double[] {1, 2, 5}) {
            if (step * power >= least) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    private static DecimalFormatSymbols symbols() {
        return DecimalFormatSymbols.getInstance(Locale.ROOT);
    }
}
