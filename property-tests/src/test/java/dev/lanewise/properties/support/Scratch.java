package dev.lanewise.properties.support;

import dev.lanewise.runtime.Workspace;
import java.util.Arrays;

/** Scratch memory that holds the worst: a kernel that takes it for zeros gets a NaN, or an index outside its array. */
public final class Scratch {
    private static final int FLOATS = 1 << 20;
    private static final int TABLES = 12;
    private static final int TABLE_SIZE = 1 << 11;

    private Scratch() {}

    /**
     * Returns an unused workspace whose memory holds NaNs and impossible indices.
     *
     * @return the workspace
     */
    public static Workspace dirty() {
        Workspace workspace = new Workspace();
        workspace.tensor(FLOATS).fill(Float.NaN);
        for (int i = 0; i < TABLES; i++) {
            Arrays.fill(workspace.ints(TABLE_SIZE), Integer.MIN_VALUE);
        }
        workspace.reset();
        return workspace;
    }
}
