package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.PeakBenchmark.Limit;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Draws a comparison, one half for each number of threads: the speed of every library over the size where all shapes are
 * square, and otherwise the ratio of each shape over its work.
 */
public final class SpeedChart {
    /** The width of the picture, in pixels. */
    public static final int WIDTH = 1280;

    /** The height of the picture, in pixels. */
    public static final int HEIGHT = 480;

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

    private SpeedChart() {}

    /**
     * Draws a comparison.
     *
     * @param contest what was compared
     * @param rows what was measured, by the number of threads
     * @param peaks what the machine can do at most, by the number of threads
     * @return a picture of {@value #WIDTH} x {@value #HEIGHT} pixels
     */
    public static BufferedImage draw(
            Contest contest, SortedMap<Integer, List<Row>> rows, SortedMap<Integer, Double> peaks) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        boolean square = rows.values().stream()
                .flatMap(List::stream)
                .allMatch(row -> contest.task(row.shape()).side() > 0);
        double each = (double) WIDTH / rows.size();
        int part = 0;
        for (int threads : rows.keySet()) {
            String count = Words.threads(threads);
            JFreeChart chart = square
                    ? speeds(contest, count, rows.get(threads), peaks.get(threads))
                    : ratios(contest, count, rows.get(threads));
            chart.draw(g, new Rectangle2D.Double(part++ * each, 0, each, HEIGHT));
        }
        g.dispose();
        return image;
    }

    private static JFreeChart speeds(Contest contest, String threads, List<Row> rows, double peak) {
        XYSeriesCollection series = new XYSeriesCollection();
        for (String library : rows.getFirst().speeds().keySet()) {
            XYSeries line = new XYSeries(library);
            for (Row row : rows) {
                line.add(contest.task(row.shape()).side(), row.speed(library));
            }
            series.addSeries(line);
        }
        JFreeChart chart = ChartFactory.createXYLineChart(
                contest.suite() + ", " + threads + ": " + contest.unit(), "rows and columns", null, series);
        XYPlot plot = style(chart, renderer(series.getSeriesCount(), true));
        plot.addRangeMarker(marker(peak));
        plot.getRangeAxis().setRange(0, peak * 1.08);
        return chart;
    }

    private static JFreeChart ratios(Contest contest, String threads, List<Row> rows) {
        XYSeriesCollection series = new XYSeriesCollection();
        for (String peer : rows.getFirst().speeds().keySet().stream().skip(1).toList()) {
            XYSeries dots = new XYSeries("fastest peer: " + peer);
            for (Row row : rows) {
                if (peer.equals(row.fastestPeer())) {
                    dots.add(row.work() / 1e6, row.ratio());
                }
            }
            series.addSeries(dots);
        }
        String work = contest.limit() == Limit.MEMORY ? "megabytes of memory" : "millions of operations";
        JFreeChart chart = ChartFactory.createXYLineChart(
                contest.suite() + ", " + threads + ": speed by the fastest peer's", work, null, series);
        XYPlot plot = style(chart, renderer(series.getSeriesCount(), false));
        plot.addRangeMarker(marker(1));
        NumberAxis up = (NumberAxis) plot.getRangeAxis();
        up.setAutoRangeIncludesZero(true);
        return chart;
    }

    private static ValueMarker marker(double value) {
        ValueMarker marker = new ValueMarker(value, INK, new BasicStroke(1));
        marker.setAlpha(0.6f);
        return marker;
    }

    private static XYPlot style(JFreeChart chart, XYLineAndShapeRenderer renderer) {
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(10, 12, 10, 20));
        chart.getTitle().setFont(font(17));
        chart.getTitle().setPaint(INK);
        chart.getLegend().setItemFont(font(14));
        chart.getLegend().setFrame(BlockBorder.NONE);
        XYPlot plot = chart.getXYPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setOutlineVisible(false);
        plot.setRenderer(renderer);
        LogAxis across = new LogAxis(plot.getDomainAxis().getLabel());
        across.setBase(10);
        across.setStandardTickUnits(new NumberTickUnitSource(false, NumberFormat.getInstance(Locale.ROOT)));
        across.setTickLabelFont(font(13));
        across.setLabelFont(font(14));
        plot.setDomainAxis(across);
        plot.getRangeAxis().setTickLabelFont(font(13));
        plot.getRangeAxis().setAxisLineVisible(false);
        return plot;
    }

    private static XYLineAndShapeRenderer renderer(int series, boolean lines) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(lines, true);
        for (int i = 0; i < series; i++) {
            renderer.setSeriesPaint(i, COLOURS[(lines ? i : i + 1) % COLOURS.length]);
            renderer.setSeriesStroke(i, new BasicStroke(lines && i == 0 ? 3 : 1.8f));
            double size = lines ? 5 : 7;
            renderer.setSeriesShape(i, new Ellipse2D.Double(-size / 2, -size / 2, size, size));
        }
        return renderer;
    }

    private static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }
}
