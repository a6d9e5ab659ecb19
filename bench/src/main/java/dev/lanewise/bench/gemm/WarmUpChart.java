package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.ChartStyle;
import dev.lanewise.bench.compare.PlainLogAxis;
import dev.lanewise.bench.compare.Words;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws how fresh processes grew fast, a chart for each shape, a line for each process: speed over time. */
final class WarmUpChart {
    private static final String ACROSS = "seconds from the start of the first call";

    private WarmUpChart() {}

    static BufferedImage draw(List<WarmUps> rows) {
        return ChartStyle.draw(rows.stream().map(WarmUpChart::chart).toList());
    }

    private static JFreeChart chart(WarmUps row) {
        XYSeriesCollection series = new XYSeriesCollection();
        for (WarmUp process : row.processes()) {
            XYSeries line = new XYSeries(series.getSeriesCount());
            process.windows()
                    .forEach(window -> line.add(window.end(), row.shape().flops() / window.nanos()));
            series.addSeries(line);
        }
        JFreeChart chart = ChartFactory.createXYLineChart(
                row.shape() + ", " + Words.threads(row.threads()) + ": " + Operation.MATMUL.unit(),
                ACROSS,
                null,
                series);
        XYPlot plot = ChartStyle.plot(chart, ChartStyle.bundle(series.getSeriesCount()), new PlainLogAxis(ACROSS));
        plot.getRangeAxis().setLowerBound(0);
        chart.removeLegend();
        return chart;
    }
}
