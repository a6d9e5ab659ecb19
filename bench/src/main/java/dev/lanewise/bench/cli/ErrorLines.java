package dev.lanewise.bench.cli;

import dev.lanewise.nn.io.FileException;
import dev.lanewise.nn.train.DivergedException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on the error stream and an exit code. Only a bug has a stack trace. */
final class ErrorLines implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final Console console;

    ErrorLines(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        console.error(exception.getCommandLine().getCommandSpec().qualifiedName(), describe(exception));
        return ExitCode.BAD_INPUT;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult parsed) {
        return report(exception, commandLine.getCommandSpec().qualifiedName());
    }

    /** Says what went wrong in a command and returns the exit code for it. */
    int report(Exception exception, String command) {
        if (exception instanceof Problem problem) {
            console.error(command, problem.getMessage());
            return problem.exitCode();
        }
        if (exception instanceof IOException io) {
            console.error(command, describe(io));
            return ExitCode.BAD_INPUT;
        }
        if (exception instanceof DivergedException diverged) {
            console.error(command, diverged.getMessage());
            return ExitCode.FAILURE;
        }
        console.error(command, "this is a bug in lanewise; please report it with what follows");
        exception.printStackTrace(console.err());
        return ExitCode.FAILURE;
    }

    private static String describe(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            return describe(unmatched);
        }
        if (exception instanceof MissingParameterException missing) {
            return describe(missing);
        }
        if (exception.getArgSpec() instanceof OptionSpec option && exception.getCause() != null) {
            String expected = exception.getCause().getMessage();
            return option.longestName() + " " + quote(exception.getValue()) + ": expected " + expected;
        }
        return exception.getMessage();
    }

    private static String describe(UnmatchedArgumentException exception) {
        String argument = exception.getUnmatched().get(0);
        CommandLine line = exception.getCommandLine();
        boolean root = line.getParent() == null;
        if (!exception.isUnknownOption()) {
            return root
                    ? "unknown command " + quote(argument) + ": expected "
                            + String.join(", ", line.getSubcommands().keySet())
                    : "unexpected argument " + quote(argument) + ": expected options only, such as --help";
        }
        String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        List<String> known = line.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .toList();
        String nearest = Spelling.nearest(name, known);
        return "unknown option " + name + ": expected "
                + (nearest != null ? nearest + "?" : "one of " + String.join(", ", known));
    }

    private static String describe(MissingParameterException exception) {
        String missing = exception.getMissing().stream()
                .map(ErrorLines::label)
                .distinct()
                .collect(Collectors.joining(" and "));
        String usage = exception.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        return missing + (exception.getMissing().size() > 1 ? " are" : " is") + " missing: see ./" + usage;
    }

    private static String label(ArgSpec spec) {
        return spec instanceof OptionSpec option ? "the value of " + option.longestName() : spec.paramLabel();
    }

    /** A file error in words that name the file; the JDK's own exceptions say little but that. */
    static String describe(IOException exception) {
        if (exception instanceof FileSystemException file && file.getFile() != null) {
            return file.getFile() + ": " + FileException.reason(file);
        }
        return FileException.reason(exception);
    }

    private static String quote(String value) {
        return value == null || value.isBlank() || value.contains(" ") ? "\"" + value + "\"" : value;
    }
}
