package dev.lanewise.bench.compare;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SortedMap;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Draws a comparison, one half for each number of threads: the speed of every library over the size where all shapes are
 * square, and otherwise the ratio of each shape over its work.
 */
public final class SpeedChart {
    private SpeedChart() {}

    /**
     * Draws a comparison.
     *
     * @param contest what was compared
     * @param rows what was measured, by the number of threads
     * @param peaks what the machine can do at most, by the number of threads
     * @return the picture
     */
    public static BufferedImage draw(
            Contest contest, SortedMap<Integer, List<Row>> rows, SortedMap<Integer, Double> peaks) {
        boolean square = rows.values().stream()
                .flatMap(List::stream)
                .allMatch(row -> contest.task(row.shape()).side() > 0);
        return ChartStyle.draw(rows.keySet().stream()
                .map(threads -> square
                        ? speeds(contest, Words.threads(threads), rows.get(threads), peaks.get(threads))
                        : ratios(contest, Words.threads(threads), rows.get(threads)))
                .toList());
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
        String across = "rows and columns";
        JFreeChart chart = ChartFactory.createXYLineChart(
                contest.suite() + ", " + threads + ": " + contest.unit(), across, null, series);
        XYPlot plot = ChartStyle.plot(chart, ChartStyle.lines(series.getSeriesCount()), new PlainLogAxis(across));
        ChartStyle.mark(plot, peak);
        double fastest = rows.stream()
                .flatMap(row -> row.speeds().keySet().stream().map(row::speed))
                .filter(speed -> !speed.isNaN())
                .reduce(peak, Math::max);
        plot.getRangeAxis().setRange(0, 1.08 * fastest);
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
        String work = switch (contest.limit()) {
            case FLOAT, DOUBLE -> "millions of operations";
            case MEMORY -> "megabytes of memory";
            case COPY -> "millions of elements";
        };
        JFreeChart chart = ChartFactory.createXYLineChart(
                contest.suite() + ", " + threads + ": speed by the fastest peer's", work, null, series);
        XYPlot plot = ChartStyle.plot(chart, ChartStyle.dots(series.getSeriesCount()), new PlainLogAxis(work));
        ChartStyle.mark(plot, 1);
        NumberAxis up = (NumberAxis) plot.getRangeAxis();
        up.setAutoRangeIncludesZero(true);
        return chart;
    }
}
