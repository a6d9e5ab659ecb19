package dev.lanewise.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width in use: the only place that names a species. Chosen once, when the class is loaded, because C2 keeps
 * vectors in registers only where the species is a constant.
 *
 * <p>There is one width for each element type: methods of {@code FloatVector} share their profiles, and with two widths in
 * them C2 boxes vectors now and then (docs/decisions/0006). The width never changes a result. It is the widest that the CPU has, unless the system property
 * {@value #PROPERTY} names another: 128, 256 or 512 bits, for tests and measurements.
 */
public final class Lanes {
    /** The system property that forces a vector width, in bits. */
    public static final String PROPERTY = "dev.lanewise.lanes";

    /** The species of every float vector. */
    public static final VectorSpecies<Float> FLOATS = species();

    /** The species of every int vector; as many lanes as {@link #FLOATS}. */
    public static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /** The species of every double vector; as wide as {@link #FLOATS}. */
    public static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);

    /** The species of every short vector; as many lanes as {@link #FLOATS}, and so half as wide. */
    public static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /** The number of floats in a vector: 4, 8 or 16. */
    public static final int LENGTH = FLOATS.length();

    /** How many vector registers there are: 32 (AVX-512, Arm) or 16 (SSE, AVX, AVX2). */
    public static final int REGISTERS = hasThirtyTwoRegisters() ? 32 : 16;

    /**
     * How many vectors wide the widest tile is: 4 with 32 registers, 2 with 16, so that 6 rows of accumulators, the row of B and
     * a broadcast of A stay in registers.
     */
    public static final int TILE_VECTORS = REGISTERS / 8;

    private Lanes() {}

    /** How wide the JVM's widest vectors are on this machine. */
    static int preferredBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    private static VectorSpecies<Float> species() {
        String bits = System.getProperty(PROPERTY);
        if (bits == null) {
            VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
            // Scalable vectors (SVE) may be wider than any tile is written for.
            return preferred.vectorBitSize() > 512 ? FloatVector.SPECIES_512 : preferred;
        }
        return switch (bits) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException("lanes: -D" + PROPERTY + "=" + bits + " must be 128, 256 or 512");
        };
    }

    private static boolean hasThirtyTwoRegisters() {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        boolean avx512 = IntVector.SPECIES_PREFERRED.vectorShape() == VectorShape.S_512_BIT;
        // A forced width of 512 bits is tested with the tiles of the CPUs that have it, wherever the test runs.
        return arm || avx512 || FLOATS.vectorShape() == VectorShape.S_512_BIT;
    }
}
