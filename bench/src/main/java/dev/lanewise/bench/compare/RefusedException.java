package dev.lanewise.bench.compare;

/** A request that can't be met; the message names the option, its value and what was expected. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Refuses a request.
     *
     * @param message one line: {@code --option value: expected ...}
     */
    public RefusedException(String message) {
        super(message, null, false, false);
    }
}
