package dev.lanewise.runtime;

import static dev.lanewise.runtime.Explanation.Finding.good;
import static dev.lanewise.runtime.Explanation.Finding.warnIf;

import dev.lanewise.runtime.Explanation.Finding;
import java.util.List;

/** The findings that need the Vector API: apart from {@link Explain}, which must load without it. */
final class LanesExplained {
    private LanesExplained() {}

    static List<Finding> findings() {
        return List.of(width(Lanes.LENGTH * Float.SIZE, Lanes.preferredBits()), tile());
    }

    static Finding width(int bits, int preferred) {
        String value = bits + " bits, " + bits / Float.SIZE + " floats";
        boolean forced = System.getProperty(Lanes.PROPERTY) != null;
        String reason = forced ? "; forced by -D" + Lanes.PROPERTY : "; the widest that the JVM uses here";
        if (bits > preferred) {
            return new Finding(
                    "vector width",
                    value + reason,
                    "the JVM has no vectors wider than " + preferred + " bits here and makes objects of them; "
                            + "start java without -D" + Lanes.PROPERTY);
        }
        return warnIf(
                bits < preferred && bits < 512,
                "vector width",
                value + reason,
                "vectors of " + preferred + " bits would be faster; start java without -D" + Lanes.PROPERTY);
    }

    private static Finding tile() {
        int rows = 6;
        String value =
                rows + " rows x " + Lanes.TILE_VECTORS + " vectors, " + Lanes.TILE_VECTORS * Lanes.LENGTH + " columns";
        return good("tile", value);
    }
}
