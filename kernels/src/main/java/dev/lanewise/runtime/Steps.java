package dev.lanewise.runtime;

/**
 * How the loops over the steps of a sum are cut.
 *
 * <p>With some garbage collectors (G1, ZGC, Shenandoah) C2 makes two loops of a counted one, so that it can be stopped after each 1000 rounds
 * ({@code LoopStripMiningIter}). With the others, of which the serial one is the default on a machine with one core or little memory, it does
 * not; and without the loop around it, sums of a tile were on the stack within it: with 16 registers 1x1 convolutions ran at 39 GFLOP/s, not 89,
 * 3x3 ones at 60 to 67, not 75 to 85 (Zen 3). Where the JVM does not cut, the tiles do. Where it does, they must not: a third loop puts
 * the sums on the stack as well (35 GFLOP/s).
 */
public final class Steps {
    /** Whether tiles cut their loops, for the JVM does not. */
    public static final boolean CUT = !isCutByJvm(JvmFlags.ofThisProcess());

    /** How many steps follow each other then. */
    public static final int AT_ONCE = 1000;

    private Steps() {}

    static boolean isCutByJvm(JvmFlags flags) {
        return flags.isOn("UseCountedLoopSafepoints") && flags.number("LoopStripMiningIter", 0) > 1;
    }
}
