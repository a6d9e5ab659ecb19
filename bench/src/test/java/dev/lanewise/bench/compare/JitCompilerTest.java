package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JitCompilerTest {
    @Test
    void computesUntilNothingHasBeenCompiledForAWhile() {
        AtomicInteger calls = new AtomicInteger();
        long began = System.nanoTime();
        JitCompiler.settle(calls::incrementAndGet);
        double seconds = (System.nanoTime() - began) * 1e-9;
        assertTrue(calls.get() > 1, calls + " calls");
        assertTrue(seconds >= 0.3 && seconds < 11, seconds + " s");
    }

    @Test
    void seesThatSomethingIsCompiled() {
        boolean seen = false;
        // Code that has not run yet in this JVM: the compilers come to it within these rounds.
        for (int round = 0; round < 1000 && !seen; round++) {
            for (int i = 0; i < 100; i++) {
                Pattern.compile("(a|b)*c{" + round + "}[^d-f]+?x*\\w(?=y)")
                        .matcher("ababcccccghi" + i)
                        .find();
            }
            seen = JitCompiler.busy();
        }
        assertTrue(seen);
    }
}
