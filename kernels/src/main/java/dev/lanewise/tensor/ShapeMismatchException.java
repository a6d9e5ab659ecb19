package dev.lanewise.tensor;

/** Thrown when the shapes of an operation's arguments do not fit together. The message names the operation and the rule. */
public final class ShapeMismatchException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the operation, the shapes and the rule they break, such as {@code matmul: a is 3x4, b is 5x6;
     *     columns of a (4) must equal rows of b (5)}
     */
    public ShapeMismatchException(String message) {
        super(message);
    }
}
