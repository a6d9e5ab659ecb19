package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.ChartStyle;
import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.Words;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SortedMap;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws sweeps, a chart for each: speed over size, a dot at the foot of every cliff. */
final class CurveChart {
    private CurveChart() {}

    static BufferedImage draw(List<Curve> curves, SortedMap<Integer, Double> peaks) {
        return ChartStyle.draw(curves.stream()
                .map(curve -> chart(curve, peaks.get(curve.threads())))
                .toList());
    }

    private static JFreeChart chart(Curve curve, double peak) {
        XYSeries speed = new XYSeries("GFLOP/s");
        XYSeries feet = new XYSeries("more than " + Math.round(100 * Curve.CLIFF) + " % slower than the size before");
        List<Row> cliffs = curve.cliffs().stream().map(Curve.Step::to).toList();
        for (int i = 0; i < curve.rows().size(); i++) {
            Row row = curve.rows().get(i);
            speed.add(curve.size(i), row.speed(row.ours()));
            if (cliffs.contains(row)) {
                feet.add(curve.size(i), row.speed(row.ours()));
            }
        }
        XYSeriesCollection series = new XYSeriesCollection();
        series.addSeries(feet);
        series.addSeries(speed);
        String title = curve.sweep().text() + ", " + Words.threads(curve.threads());
        JFreeChart chart = ChartFactory.createXYLineChart(title + ": GFLOP/s", "size", null, series);
        XYPlot plot = ChartStyle.plot(chart, ChartStyle.curve(), new NumberAxis("size"));
        plot.getDomainAxis().setRange(curve.size(0) - 1, curve.sweep().last() + 1);
        ChartStyle.mark(plot, peak);
        plot.getRangeAxis().setRange(0, 1.08 * Math.max(peak, speed.getMaxY()));
        return chart;
    }
}
