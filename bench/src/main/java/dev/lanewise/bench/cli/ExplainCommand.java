package dev.lanewise.bench.cli;

import dev.lanewise.bench.cli.Values.Threads;
import dev.lanewise.runtime.Explain;
import dev.lanewise.runtime.Explanation;
import dev.lanewise.runtime.Explanation.Finding;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lanewise explain}: the findings of {@link Explain}, and the warnings under them. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Tells what runs and why: JVM, processor, vector width, and whatever makes it slow.")
final class ExplainCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            converter = Threads.class,
            description = "threads to explain for (default: one for each core)")
    private Integer threads;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        int asked = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        print(Explain.process(asked));
        return ExitCode.SUCCESS;
    }

    private void print(Explanation explanation) {
        Terminal terminal = console.terminal();
        int widest = explanation.findings().stream()
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        for (Finding finding : explanation.findings()) {
            String mark = finding.warning() == null ? "   " : " ! ";
            String name = finding.name() + " ".repeat(widest - finding.name().length());
            console.out().println(terminal.yellow(mark) + terminal.bold(name) + "   " + finding.value());
        }
        console.out().println();
        List<Finding> warnings = explanation.warnings();
        if (warnings.isEmpty()) {
            console.out().println("Nothing here makes the kernels slow.");
        }
        for (Finding finding : warnings) {
            console.out()
                    .println(terminal.yellow("warning: ") + finding.name() + " " + finding.value() + ": "
                            + finding.warning());
        }
    }
}
