package dev.lanewise.properties.support;

import static org.junit.jupiter.api.Assertions.fail;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/**
 * Tensors that lie inside a larger array, between guards: elements that hold a certain NaN. A kernel that writes
 * outside its tensor changes a guard, one that reads outside gets a NaN.
 */
public final class Tensors {
    /** More than the widest vector has lanes. */
    private static final int GUARDS_AFTER = 19;

    private static final int GUARD_BITS = 0x7fc0dead;

    private Tensors() {}

    /**
     * Returns a tensor between guards that holds guards itself, for a kernel to write.
     *
     * @param offset how many guards come before
     * @param extents the extents, outermost first
     * @return the tensor, alone on its array
     */
    public static Tensor empty(int offset, int... extents) {
        Shape shape = Shape.of(extents);
        float[] array = new float[offset + shape.size() + GUARDS_AFTER];
        Arrays.fill(array, Float.intBitsToFloat(GUARD_BITS));
        return Tensor.wrap(array, offset, shape);
    }

    /**
     * Returns a tensor between guards that holds some values.
     *
     * @param offset how many guards come before
     * @param values the elements, row-major
     * @param extents the extents, outermost first
     * @return the tensor, alone on its array
     */
    public static Tensor of(int offset, float[] values, int... extents) {
        Tensor tensor = empty(offset, extents);
        tensor.copyFrom(Tensor.of(values, extents));
        return tensor;
    }

    /**
     * Returns a tensor between guards that holds {@link Values#normal} values.
     *
     * @param random the source of the values
     * @param offset how many guards come before
     * @param extents the extents, outermost first
     * @return the tensor, alone on its array
     */
    public static Tensor random(Random random, int offset, int... extents) {
        return of(offset, Values.normal(random, Shape.of(extents).size()), extents);
    }

    /**
     * Returns a tensor between guards that holds {@link Values#mixed} values.
     *
     * @param random the source of the values
     * @param offset how many guards come before
     * @param extents the extents, outermost first
     * @return the tensor, alone on its array
     */
    public static Tensor mixed(Random random, int offset, int... extents) {
        return of(offset, Values.mixed(random, Shape.of(extents).size()), extents);
    }

    /**
     * Fails if anything was written outside a tensor.
     *
     * @param tensors tensors made by this class
     */
    public static void assertGuards(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            float[] array = tensor.array();
            for (int i = 0; i < array.length; i++) {
                boolean outside = i < tensor.offset() || i >= tensor.offset() + tensor.size();
                if (outside && Float.floatToRawIntBits(array[i]) != GUARD_BITS) {
                    fail("written outside the tensor " + tensor.shape() + ": element " + (i - tensor.offset()) + " is "
                            + array[i]);
                }
            }
        }
    }
}
