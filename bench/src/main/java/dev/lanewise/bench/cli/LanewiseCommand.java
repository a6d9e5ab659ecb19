package dev.lanewise.bench.cli;

import dev.lanewise.runtime.Explain;
import dev.lanewise.runtime.Lanes;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The command {@code lanewise}: finds the subcommand and turns what goes wrong into one line and an exit code. */
@Command(
        name = "lanewise",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Deep learning in pure Java, on kernels written with the Vector API.",
        footer = {"", "Begin with:  ./lanewise train", "Help on one command:  ./lanewise COMMAND --help"})
public final class LanewiseCommand implements Callable<Integer> {
    private static final String MODULE_MISSING =
            "the module jdk.incubator.vector is missing; start java with --add-modules jdk.incubator.vector";

    @Spec
    private CommandSpec spec;

    private LanewiseCommand() {}

    /**
     * Runs one command.
     *
     * @param out where results and progress go
     * @param err where errors and warnings go
     * @param arguments the command and its options
     * @return the exit code: 0 if all went well, 2 for input that can't be used, 1 for any other failure
     */
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        Console console = new Console(out, err, Terminal.of(out));
        CommandLine line = new CommandLine(new LanewiseCommand())
                .addSubcommand(new TrainCommand(console))
                .addSubcommand(new PredictCommand(console))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new BenchCommand(console))
                .setOut(new PrintWriter(out, true, out.charset()))
                .setErr(new PrintWriter(err, true, err.charset()))
                .setOverwrittenOptionsAllowed(true)
                .setUsageHelpWidth(100)
                .setExecutionStrategy(parsed -> execute(parsed, console))
                .setParameterExceptionHandler(new ErrorLines(console))
                .setExecutionExceptionHandler(new ErrorLines(console));
        int code = execute(line, arguments, console);
        out.flush();
        err.flush();
        return code;
    }

    /** Runs the command, and says in a line when the heap is too small for it. */
    private static int execute(CommandLine line, String[] arguments, Console console) {
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError full) {
            long megabytes = Runtime.getRuntime().maxMemory() >> 20;
            console.error(
                    "lanewise",
                    "out of memory: the heap may take at most " + megabytes
                            + " MiB; expected more, such as LANEWISE_JAVA_OPTS=-Xmx2g, or smaller batches");
            return ExitCode.FAILURE;
        }
    }

    /** Everything but {@code explain} and help needs the Vector API: better a clear word than a class not found. */
    private static int execute(ParseResult parsed, Console console) {
        boolean computes = parsed.hasSubcommand()
                && !parsed.subcommand().isUsageHelpRequested()
                && !parsed.subcommand().isVersionHelpRequested()
                && !parsed.subcommand().commandSpec().name().equals("explain");
        if (computes && !Explain.isVectorModulePresent()) {
            console.error("lanewise", MODULE_MISSING);
            return ExitCode.BAD_INPUT;
        }
        if (Explain.isVectorModulePresent()) {
            try {
                Objects.checkIndex(0, Lanes.LENGTH);
            } catch (ExceptionInInitializerError noSuchWidth) {
                console.error("lanewise", noSuchWidth.getCause().getMessage());
                return ExitCode.BAD_INPUT;
            }
        }
        return new RunLast().execute(parsed);
    }

    /** Without a subcommand there is only help to give. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCode.SUCCESS;
    }
}
