package dev.lanewise.nn.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Thrown when a file can't be read or written, or does not hold what it should. The message is one line that begins
 * with the file's name and says what was expected.
 */
public final class FileException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param file the name of the file
     * @param problem what is wrong with it and what was expected
     */
    public FileException(String file, String problem) {
        super(oneLine(file + ": " + problem));
    }

    /**
     * Creates the exception.
     *
     * @param file the name of the file
     * @param problem what is wrong with it and what was expected
     * @param cause what made it known
     */
    public FileException(String file, String problem, Throwable cause) {
        super(oneLine(file + ": " + problem), cause);
    }

    /**
     * Returns the exception for a failure of the operating system or of a codec, whose own message often lacks the file
     * or the reason.
     *
     * @param file the file
     * @param attempt what was tried, such as {@code "can't be read"}
     * @param cause the failure; returned as it is if it names its file already
     * @return the exception to throw
     */
    public static FileException of(Path file, String attempt, IOException cause) {
        return cause instanceof FileException known
                ? known
                : new FileException(file.toString(), attempt + ": " + reason(cause), cause);
    }

    /**
     * Returns why an operation on a file failed, in words.
     *
     * @param cause the failure
     * @return a reason such as {@code "No space left on device"}, without the file's name
     */
    public static String reason(Throwable cause) {
        if (cause instanceof UncheckedIOException wrapped) {
            return reason(wrapped.getCause());
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Names of files and messages of other libraries may hold line breaks; ours must not. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
