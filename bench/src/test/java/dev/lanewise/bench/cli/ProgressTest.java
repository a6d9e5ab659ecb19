package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cli.ProgressDisplay.Moment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void plainProgressIsATableWithoutControlCharacters() {
        show(new LineDisplay(new Console(out, out, Terminal.plain())));
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4, lines.size(), lines.toString());
        assertEquals("    epoch      loss    accuracy       loss    accuracy   images/s         time", lines.get(1));
        assertTrue(lines.get(2).startsWith("      1/2    0.5000     80.00 %     0.6000     70.00 %"), lines.get(2));
        assertTrue(lines.get(2).endsWith("*") && !lines.get(3).endsWith("*"), "the best epoch has a star");
        for (char c : bytes.toString(StandardCharsets.UTF_8).toCharArray()) {
            assertTrue(c == '\n' || c >= ' ', "control character " + (int) c);
        }
    }

    @Test
    void theBarGivesWayToTheRows() {
        show(new BarDisplay(new Console(out, out, new Terminal(true, true, false))));
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("━"), "a bar was drawn");
        for (String line : text.split("\n")) {
            String seen = line.substring(line.lastIndexOf("\r\033[K") + 1);
            assertFalse(seen.contains("━"), "no bar is left in " + line);
        }
    }

    @Test
    void everythingFitsIntoTheUsualTerminal() {
        BarDisplay display = new BarDisplay(new Console(out, out, new Terminal(true, true, false)));
        String line = display.render(new Moment(10, 12, 40_000, 54_000, 0.1234, 1), 2006, 754, 79);
        assertTrue(line.matches(" 10/12 ━+─+  74 % loss 0.1234 accuracy 100.0 %  2,006 images/s 12:34 left"), line);
        assertEquals(79, line.length());
        String wide = display.render(new Moment(1, 2, 40_000, 54_000, 0.1234, 0.5), 2006, 754, 200);
        assertTrue(wide.matches(" +1/2  ━+─+  74 %  loss 0.1234  accuracy  50.0 %   2,006 images/s  12:34 left"), wide);
        assertTrue(display.render(new Moment(1, 2, 40_000, 54_000, 0.1234, 0.5), 2006, 754, 20)
                        .length()
                <= 20);
    }

    @Test
    void paceIsThatOfTheLastSteps() {
        Pace pace = new Pace();
        pace.epochStarts(0, 20_000, 2);
        assertEquals(0, pace.imagesPerSecond());
        assertTrue(pace.secondsLeft() < 0);
        pace.stepDone(10 * SECOND, 100);
        assertEquals(10, pace.imagesPerSecond(), 1e-9);
        for (int step = 1; step <= 99; step++) {
            pace.stepDone((10 + step) * SECOND, 100 + 100L * step);
        }
        assertEquals(100, pace.imagesPerSecond(), 1e-9);
        assertEquals(100, pace.secondsLeft(), 1e-9);
        pace.validationDone((109 + 5) * SECOND);
        assertEquals(105, pace.secondsLeft(), 1e-9);
    }

    @Test
    void numbersReadWell() {
        assertEquals("0:07", Texts.clock(7.2));
        assertEquals("12:34", Texts.clock(754));
        assertEquals("1:02:03", Texts.clock(3723));
        assertEquals("7.3 s", Texts.duration(7.3));
        assertEquals("12 min 34 s", Texts.duration(754));
        assertEquals("6,210", Texts.count(6210.4));
        assertEquals("88.41 %", Texts.percent(0.88412, 2));
        assertEquals("1.00e+09", Texts.loss(1e9));
        assertEquals("0.0001", Texts.number(1e-4f));
        assertEquals("0.05", Texts.number(0.05f));
        assertEquals("1.0E30", Texts.number(1e30f));
    }

    @Test
    void columnsStayApartHoweverLongAnEpoch() {
        String row = ProgressDisplay.row("10/10", "0.5", "8.00 %", "0.6", "7.00 %", "2,006", Texts.duration(3599));
        assertTrue(row.endsWith("2,006  59 min 59 s"), row);
    }

    @Test
    void confusionMatrixIsAligned() {
        int[][] counts = {{1, 1}, {0, 2}};
        assertEquals(
                List.of(
                        "           Shirt Ankle    right",
                        "Shirt          1     1   50.0 %",
                        "Ankle boot     .     2  100.0 %"),
                ConfusionMatrix.lines(List.of("Shirt", "Ankle boot"), counts, Terminal.plain()));
    }

    @Test
    void misspeltWordsAreRecognised() {
        List<String> known = List.of("--batch-size", "--epochs");
        assertEquals("--batch-size", Spelling.nearest("--bacth-size", known));
        assertEquals("--epochs", Spelling.nearest("--epoch", known));
        assertEquals(null, Spelling.nearest("--zzzz", known));
    }

    private static void show(ProgressDisplay display) {
        for (int epoch = 1; epoch <= 2; epoch++) {
            display.epochStarts(new Moment(epoch, 2, 0, 200, 0, 0));
            display.stepDone(new Moment(epoch, 2, 100, 200, 0.7, 0.7));
            Moment last = new Moment(epoch, 2, 200, 200, 0.5, 0.8);
            display.stepDone(last);
            display.epochDone(last, 0.6, 0.7, epoch == 1);
        }
        display.close();
    }
}
