package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The labels of a logarithmic axis. */
class PlainLogAxisTest {
    /** Labels of an axis on which two neighbours may be no nearer than a ratio. */
    private static String labels(double least, double most, double ratio) {
        List<BigDecimal> values =
                PlainLogAxis.values(least, most, (one, next) -> next.doubleValue() / one.doubleValue() > 0.999 * ratio);
        return values.stream().map(PlainLogAxis::text).collect(Collectors.joining(" "));
    }

    @Test
    void labelsArePlainNumbers() {
        assertEquals("1 2 5 10 20 50 100 200 500 1,000 2,000", labels(1, 2048, 2));
        assertEquals("30 40 50 60 70 80 90 100", labels(25, 110, 1.1));
        assertEquals("0.001 0.01 0.1 1 10 100 1,000", labels(0.0005, 2e3, 5));
        assertEquals("0.0001 0.01 1 100 10,000", labels(0.00002, 2e4, 30));
        assertEquals("0.001 1 1,000", labels(0.0002, 2e4, 500));
        assertEquals("0.5 1 2", labels(0.4, 3, 2));
    }
}
