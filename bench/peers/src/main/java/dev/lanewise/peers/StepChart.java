package dev.lanewise.peers;

import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/** Draws the times of a training step: bars for the medians, whiskers as long as the farthest round is from the median. */
final class StepChart {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 300;
    private static final Color OURS = new Color(0xD9, 0x5F, 0x02);
    private static final Color THEIRS = new Color(0x8A, 0x94, 0xA0);
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);

    private StepChart() {}

    static BufferedImage draw(List<StepTimes> results) {
        DefaultStatisticalCategoryDataset bars = new DefaultStatisticalCategoryDataset();
        for (StepTimes times : results) {
            String group = times.threads() + (times.threads() == 1 ? " thread" : " threads");
            add(bars, times.oursMillis(), "Lanewise", group);
            add(bars, times.theirsMillis(), "PyTorch 2.7.1", group);
        }
        JFreeChart chart = new JFreeChart(
                "Training step of LeNet, batch 128, in milliseconds (less is better)", font(17), plot(bars), true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(8, 8, 4, 16));
        chart.getTitle().setPaint(INK);
        chart.getLegend().setItemFont(font(14));
        chart.getLegend().setFrame(BlockBorder.NONE);
        return chart.createBufferedImage(WIDTH, HEIGHT);
    }

    private static void add(
            DefaultStatisticalCategoryDataset bars, StepTimes.Spread spread, String library, String group) {
        bars.add(
                spread.median(),
                Math.max(spread.most() - spread.median(), spread.median() - spread.least()),
                library,
                group);
    }

    private static CategoryPlot plot(DefaultStatisticalCategoryDataset bars) {
        CategoryAxis groups = new CategoryAxis();
        groups.setTickLabelFont(font(15));
        groups.setCategoryMargin(0.25);
        groups.setAxisLineVisible(false);
        groups.setTickMarksVisible(false);
        NumberAxis millis = new NumberAxis();
        millis.setTickLabelFont(font(13));
        millis.setUpperMargin(0.12);
        millis.setAxisLineVisible(false);
        CategoryPlot plot = new CategoryPlot(bars, groups, millis, renderer());
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(GRID);
        plot.setOutlineVisible(false);
        return plot;
    }

    private static StatisticalBarRenderer renderer() {
        StatisticalBarRenderer renderer = new StatisticalBarRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0.08);
        renderer.setSeriesPaint(0, OURS);
        renderer.setSeriesPaint(1, THEIRS);
        renderer.setErrorIndicatorPaint(INK);
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator(
                "{2}", new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT))));
        renderer.setDefaultItemLabelFont(font(14));
        renderer.setDefaultItemLabelPaint(Color.WHITE);
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.INSIDE9, TextAnchor.CENTER_LEFT));
        return renderer;
    }

    private static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }
}
