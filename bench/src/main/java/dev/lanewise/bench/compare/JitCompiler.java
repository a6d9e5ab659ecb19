package dev.lanewise.bench.compare;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the JVM compiles at the moment. A time that is fixed is not enough to warm up: compiling the tiles of a product takes
 * C2 one second on a quiet machine and several on a busy one, in which the code that is timed is 5 to 100 times slower.
 */
public final class JitCompiler {
    private static final int QUIET_CHECKS = 15;
    private static final long CHECK_NANOS = 20_000_000;
    private static final long AT_MOST_NANOS = 10_000_000_000L;

    private JitCompiler() {}

    /**
     * Computes again and again until nothing has been compiled, and nothing has waited for it, for {@value #QUIET_CHECKS} checks
     * in a row, with a computation and at least 20 ms between two; or until 10 seconds have passed.
     *
     * @param computation what is warmed up
     */
    public static void settle(Runnable computation) {
        long began = System.nanoTime();
        long checked = began;
        int quiet = 0;
        while (quiet < QUIET_CHECKS && checked - began < AT_MOST_NANOS) {
            computation.run();
            long now = System.nanoTime();
            if (now - checked >= CHECK_NANOS) {
                checked = now;
                quiet = busy() ? 0 : quiet + 1;
            }
        }
    }

    /** Whether anything is compiled or waits for it; not where the JVM, other than OpenJDK's, can't tell. */
    static boolean busy() {
        try {
            Object queue = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "compilerQueue",
                            new Object[] {null},
                            new String[] {String[].class.getName()});
            // A method that is compiled or waits is printed as Class::name.
            return queue.toString().contains("::");
        } catch (JMException unknown) {
            return false;
        }
    }
}
