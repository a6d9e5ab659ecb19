package dev.lanewise.bench.compare;

/** Words that several suites need. */
public final class Words {
    private Words() {}

    /**
     * Counts threads.
     *
     * @param count how many
     * @return {@code 1 thread}, {@code 2 threads}
     */
    public static String threads(int count) {
        return count(count, "thread");
    }

    /**
     * Counts things.
     *
     * @param count how many
     * @param thing the word for one
     * @return number and word
     */
    public static String count(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
