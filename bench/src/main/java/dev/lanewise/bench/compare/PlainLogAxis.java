package dev.lanewise.bench.compare;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A horizontal logarithmic axis whose labels are plain numbers: 1, 2, 5, 10, 20, or powers of ten where it spans many. */
public final class PlainLogAxis extends LogAxis {
    private static final long serialVersionUID = 1;

    /** Pixels between two labels, at least. */
    private static final int GAP = 10;

    private static final int[] DIGITS = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    private static final int[] FEW_DIGITS = {1, 2, 5};
    private static final int[] ONE = {1};

    /**
     * Creates an axis.
     *
     * @param label what it shows
     */
    public PlainLogAxis(String label) {
        super(label);
    }

    @Override
    public List<NumberTick> refreshTicks(Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
        FontMetrics font = g.getFontMetrics(getTickLabelFont());
        ToDoubleFunction<BigDecimal> place = value -> valueToJava2D(value.doubleValue(), area, edge);
        BiPredicate<BigDecimal, BigDecimal> apart = (one, next) -> place.applyAsDouble(next) - place.applyAsDouble(one)
                > (font.stringWidth(text(one)) + font.stringWidth(text(next))) / 2.0 + GAP;
        return values(getLowerBound(), getUpperBound(), apart).stream()
                .map(value -> new NumberTick(
                        value.doubleValue(), text(value), TextAnchor.TOP_CENTER, TextAnchor.TOP_CENTER, 0))
                .toList();
    }

    /**
     * Returns what is labelled: all digits of each power of ten, or 1, 2, 5, or 1 alone, or that of every second power,
     * every third: the first of these whose neighbours are all far enough apart.
     *
     * @param least the least value of the axis
     * @param most the largest
     * @param apart whether two neighbours are far enough apart
     * @return the values
     */
    static List<BigDecimal> values(double least, double most, BiPredicate<BigDecimal, BigDecimal> apart) {
        List<BigDecimal> values = values(least, most, 1, DIGITS);
        if (!fit(values, apart)) {
            values = values(least, most, 1, FEW_DIGITS);
        }
        for (int every = 1; !fit(values, apart); every++) {
            values = values(least, most, every, ONE);
        }
        return values;
    }

    private static boolean fit(List<BigDecimal> values, BiPredicate<BigDecimal, BigDecimal> apart) {
        return IntStream.range(1, values.size()).allMatch(i -> apart.test(values.get(i - 1), values.get(i)));
    }

    private static List<BigDecimal> values(double least, double most, int every, int[] digits) {
        List<BigDecimal> values = new ArrayList<>();
        int first = (int) Math.floor(Math.log10(least));
        for (int power = Math.floorDiv(first, every) * every; power <= Math.log10(most); power += every) {
            for (int digit : digits) {
                BigDecimal value = BigDecimal.valueOf(digit).scaleByPowerOfTen(power);
                if (value.doubleValue() >= least && value.doubleValue() <= most) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    static String text(BigDecimal value) {
        return value.compareTo(BigDecimal.ONE) < 0 ? value.toPlainString() : String.format(Locale.ROOT, "%,.0f", value);
    }
}
