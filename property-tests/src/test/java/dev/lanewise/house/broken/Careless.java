package dev.lanewise.house.broken;

import jdk.incubator.vector.FloatVector;

/** Breaks the rules of the house, each in one line, so that a test can see that they are held. */
final class Careless {
    private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[16]);

    private static int calls;

    private Careless() {}

    static float first() {
        calls++;
        return FloatVector.fromArray(FloatVector.SPECIES_128, SCRATCH.get(), calls % 8)
                .lane(0);
    }
}
