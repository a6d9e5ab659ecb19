package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.ChartStyle;
import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.Words;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.data.category.DefaultCategoryDataset;

/** Draws training steps, one half for each number of threads: of each network, every library's speed by the fastest peer's. */
final class StepChart {
    private StepChart() {}

    static BufferedImage draw(List<StepRow> rows) {
        return ChartStyle.draw(rows.stream()
                .map(StepRow::threads)
                .distinct()
                .map(threads -> chart(
                        threads,
                        rows.stream().filter(row -> row.threads() == threads).toList()))
                .toList());
    }

    private static JFreeChart chart(int threads, List<StepRow> rows) {
        DefaultCategoryDataset bars = new DefaultCategoryDataset();
        for (StepRow row : rows) {
            Row speeds = row.speeds();
            String peer = speeds.fastestPeer();
            double unit = speeds.speed(peer == null ? speeds.ours() : peer);
            for (String library : row.samples().keySet()) {
                if (!row.samples().get(library).isEmpty()) {
                    bars.addValue(speeds.speed(library) / unit, library, row.network());
                }
            }
        }
        JFreeChart chart = ChartFactory.createBarChart(
                TrainStepSuite.NAME + ", " + Words.threads(threads) + ": speed by the fastest peer's",
                null,
                null,
                bars);
        ChartStyle.bars(chart, bars.getRowCount());
        return chart;
    }
}
