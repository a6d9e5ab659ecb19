package dev.lanewise.bench.compare;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleInsets;

/** What all charts of {@code lanewise bench} look like: side by side in one picture, on white, with few lines. */
public final class ChartStyle {
    /** The width of a picture, in pixels. */
    public static final int WIDTH = 1280;

    /** The height of each row of charts, in pixels. */
    public static final int HEIGHT = 480;

    private static final int MOST_IN_A_ROW = 3;
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);

    /** Ours stands out; the others can be told apart by people who see no red or green. */
    private static final Color[] COLOURS = {
        new Color(0xD9, 0x5F, 0x02),
        new Color(0x1F, 0x77, 0xB4),
        new Color(0x8A, 0x94, 0xA0),
        new Color(0x56, 0xB4, 0xA9),
        new Color(0x99, 0x70, 0xAB),
        new Color(0xB8, 0x9F, 0x3E),
        new Color(0x77, 0x55, 0x44),
        new Color(0x22, 0x22, 0x22)
    };

    private ChartStyle() {}

    /**
     * Draws charts side by side, at most three in a row.
     *
     * @param charts the charts
     * @return a picture {@value #WIDTH} pixels wide, each row {@value #HEIGHT} pixels high
     */
    public static BufferedImage draw(List<JFreeChart> charts) {
        int columns = Math.min(charts.size(), MOST_IN_A_ROW);
        int rows = Math.ceilDiv(charts.size(), columns);
        BufferedImage image = new BufferedImage(WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, rows * HEIGHT);
        double width = (double) WIDTH / columns;
        for (int i = 0; i < charts.size(); i++) {
            charts.get(i).draw(g, new Rectangle2D.Double(i % columns * width, i / columns * HEIGHT, width, HEIGHT));
        }
        g.dispose();
        return image;
    }

    /**
     * Gives a chart the style.
     *
     * @param chart the chart
     * @param renderer draws its series
     * @param across its horizontal axis
     * @return its plot
     */
    public static XYPlot plot(JFreeChart chart, XYLineAndShapeRenderer renderer, ValueAxis across) {
        frame(chart);
        XYPlot plot = chart.getXYPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setOutlineVisible(false);
        plot.setRenderer(renderer);
        across.setTickLabelFont(font(13));
        across.setLabelFont(font(14));
        plot.setDomainAxis(across);
        plot.getRangeAxis().setTickLabelFont(font(13));
        plot.getRangeAxis().setAxisLineVisible(false);
        return plot;
    }

    /**
     * Gives a chart of bars the style, with a thin line at 1.
     *
     * @param chart the chart
     * @param series how many kinds of bars, the first of them ours
     */
    public static void bars(JFreeChart chart, int series) {
        frame(chart);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setOutlineVisible(false);
        plot.getDomainAxis().setTickLabelFont(font(14));
        plot.getRangeAxis().setTickLabelFont(font(13));
        plot.getRangeAxis().setAxisLineVisible(false);
        plot.addRangeMarker(new ValueMarker(1, INK, new BasicStroke(1)));
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0.06);
        for (int i = 0; i < series; i++) {
            renderer.setSeriesPaint(i, COLOURS[i % COLOURS.length]);
        }
    }

    private static void frame(JFreeChart chart) {
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(10, 12, 10, 20));
        chart.getTitle().setFont(font(17));
        chart.getTitle().setPaint(INK);
        chart.getLegend().setItemFont(font(14));
        chart.getLegend().setFrame(BlockBorder.NONE);
    }

    /**
     * Draws a thin line across a plot.
     *
     * @param plot the plot
     * @param value how high
     */
    public static void mark(XYPlot plot, double value) {
        ValueMarker marker = new ValueMarker(value, INK, new BasicStroke(1));
        marker.setAlpha(0.6f);
        plot.addRangeMarker(marker);
    }

    /**
     * Returns a renderer of lines with a dot at each value, the first of them ours.
     *
     * @param series how many lines
     * @return the renderer
     */
    public static XYLineAndShapeRenderer lines(int series) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
        for (int i = 0; i < series; i++) {
            series(renderer, i, i, i == 0 ? 3 : 1.8f, 5);
        }
        return renderer;
    }

    /**
     * Returns a renderer of dots, in the colours that peers have among lines.
     *
     * @param series how many kinds of dots
     * @return the renderer
     */
    public static XYLineAndShapeRenderer dots(int series) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        for (int i = 0; i < series; i++) {
            series(renderer, i, i + 1, 1, 7);
        }
        return renderer;
    }

    /**
     * Returns a renderer of two series: dots that stand out, and a thin line below them.
     *
     * @return the renderer
     */
    public static XYLineAndShapeRenderer curve() {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        series(renderer, 0, 0, 1, 7);
        series(renderer, 1, 1, 1.5f, 1);
        renderer.setSeriesLinesVisible(0, false);
        renderer.setSeriesShapesVisible(1, false);
        return renderer;
    }

    /**
     * Returns a renderer of many lines of one kind.
     *
     * @param series how many lines
     * @return the renderer
     */
    public static XYLineAndShapeRenderer bundle(int series) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        for (int i = 0; i < series; i++) {
            series(renderer, i, 0, 1, 1);
        }
        return renderer;
    }

    private static void series(XYLineAndShapeRenderer renderer, int series, int colour, float width, double size) {
        renderer.setSeriesPaint(series, COLOURS[colour % COLOURS.length]);
        renderer.setSeriesStroke(series, new BasicStroke(width));
        renderer.setSeriesShape(series, new Ellipse2D.Double(-size / 2, -size / 2, size, size));
    }

    private static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }
}
