package dev.lanewise.runtime;

import static dev.lanewise.runtime.Explanation.Finding.good;
import static dev.lanewise.runtime.Explanation.Finding.warnIf;

import dev.lanewise.runtime.Explanation.Finding;
import java.util.List;

/** The findings that need the Vector API: apart from {@link Explain}, which must load without it. */
final class LanesExplained {
    private LanesExplained() {}

    static List<Finding> findings(JvmFlags flags) {
        int vectors = Lanes.TILE_VECTORS;
        return List.of(
                width(Lanes.LENGTH * Float.SIZE, Lanes.preferredBits()),
                matrixTile(vectors, Lanes.LENGTH, flags),
                convolutionTile(vectors, Lanes.LENGTH));
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

    /** Slow without fused multiply-add; that is warned of once, where {@link Explain} looks at the flag. */
    static Finding matrixTile(int vectors, int lanes, JvmFlags flags) {
        String software = flags.isOff("UseFMA") ? "; its multiply-adds are computed in software" : "";
        String doubles = " (" + vectors * lanes / 2 + " of doubles)";
        return good("matrix product tile", tile(vectors, lanes, doubles) + software);
    }

    static Finding convolutionTile(int vectors, int lanes) {
        return good("convolution tile", tile(vectors, lanes, ""));
    }

    /** Each row has an accumulator for each vector; a row of B and an element of A, in all lanes, take the others. */
    private static String tile(int vectors, int lanes, String doubles) {
        int rows = vectors == 4 ? 4 : 6;
        int registers = vectors == 4 ? 32 : 16;
        String why = vectors == 4 ? "" : ", too few for 4 vectors";
        return rows + " rows x " + vectors + " vectors, " + vectors * lanes + " columns" + doubles + ": "
                + (rows * vectors + vectors + 1) + " of " + registers + " vector registers" + why;
    }
}
