package dev.lanewise.properties.support;

/** Negative controls: a check that can't fail is worth nothing. */
public final class Controls {
    private Controls() {}

    /**
     * Fails unless a check fails.
     *
     * @param check a check that was given a kernel that is wrong on purpose
     */
    public static void assertCaught(Runnable check) {
        try {
            check.run();
        } catch (AssertionError expected) {
            return;
        }
        throw new AssertionError("the check let a wrong kernel pass");
    }
}
