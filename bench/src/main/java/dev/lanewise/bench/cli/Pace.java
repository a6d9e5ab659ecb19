package dev.lanewise.bench.cli;

/**
 * How fast training goes and how long it will take. Fed by the training thread, read by the one that draws the bar.
 *
 * <p>The speed is that of the last {@value #WINDOW} steps: an average over an epoch would carry the slow start, when the
 * JVM compiles, for a long time.
 */
final class Pace {
    private static final int WINDOW = 32;

    private final long[] times = new long[WINDOW];
    private final long[] images = new long[WINDOW];
    private int steps;
    private long imagesLeft;
    private int validationsLeft;
    private double secondsPerValidation;
    private long trainingEnded;

    /** An epoch begins: what is left to do, this epoch included. */
    synchronized void epochStarts(long now, long imagesLeftInAll, int validationsLeftInAll) {
        steps = 0;
        imagesLeft = imagesLeftInAll;
        validationsLeft = validationsLeftInAll;
        mark(now, 0);
    }

    /** A step is done. {@code done} images of this epoch are behind us. */
    synchronized void stepDone(long now, long done) {
        imagesLeft -= done - images[(steps - 1) % WINDOW];
        trainingEnded = now;
        mark(now, done);
    }

    /** The images held back have been judged. */
    synchronized void validationDone(long now) {
        secondsPerValidation = Math.max(0, now - trainingEnded) / 1e9;
        validationsLeft = Math.max(0, validationsLeft - 1);
    }

    /** Images a second over the last steps; 0 as long as there is nothing to tell from. */
    synchronized double imagesPerSecond() {
        if (steps < 2) {
            return 0;
        }
        int last = (steps - 1) % WINDOW;
        int first = steps <= WINDOW ? 0 : steps % WINDOW;
        long nanos = times[last] - times[first];
        return nanos <= 0 ? 0 : (images[last] - images[first]) * 1e9 / nanos;
    }

    /** Seconds until training ends if it goes on like this; negative as long as there is nothing to tell from. */
    synchronized double secondsLeft() {
        double speed = imagesPerSecond();
        return speed == 0 ? -1 : imagesLeft / speed + validationsLeft * secondsPerValidation;
    }

    private void mark(long now, long done) {
        times[steps % WINDOW] = now;
        images[steps % WINDOW] = done;
        steps++;
    }
}
