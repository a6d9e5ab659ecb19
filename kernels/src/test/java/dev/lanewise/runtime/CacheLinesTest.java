package dev.lanewise.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where in an array cache lines begin. */
class CacheLinesTest {
    @Test
    void behindTheHeaderAndTheFloatsThatFillItsLine() {
        assertEquals(new CacheLines(12, 1 << 19), of(Map.of("UseG1GC", "true", "G1HeapRegionSize", "4194304")));
        assertEquals(
                new CacheLines(13, 1 << 17),
                of(Map.of("UseG1GC", "true", "G1HeapRegionSize", "1048576", "UseCompactObjectHeaders", "true")));
    }

    @Test
    void otherCollectorsPlaceArraysAnywhere() {
        assertEquals(new CacheLines(12, 0), of(Map.of("UseG1GC", "false", "G1HeapRegionSize", "4194304")));
        assertEquals(new CacheLines(12, 0), of(Map.of()));
    }

    private static CacheLines of(Map<String, String> flags) {
        return CacheLines.of(new JvmFlags(name -> Optional.ofNullable(flags.get(name))));
    }
}
