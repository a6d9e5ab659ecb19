package dev.lanewise.bench.compare;

import dev.lanewise.runtime.Explain;
import dev.lanewise.runtime.Explanation.Finding;
import java.util.stream.Collectors;

/** The machine that a result comes from. */
public final class Machine {
    private Machine() {}

    /**
     * Describes this machine.
     *
     * @return a line: processor, cores, Java, system
     */
    public static String text() {
        String processor = Explain.process(1).findings().stream()
                .filter(finding -> finding.name().equals("processor"))
                .map(Finding::value)
                .collect(Collectors.joining());
        return processor + ", " + Runtime.getRuntime().availableProcessors() + " cores; Java "
                + System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + "; "
                + System.getProperty("os.name");
    }
}
