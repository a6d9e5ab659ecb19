package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.function.Executable;

/** What a call must say of arguments that do not fit, and that it changes nothing then. */
final class Refusals {
    private Refusals() {}

    static Tensor filled(int... extents) {
        Tensor tensor = Tensor.zeros(extents);
        tensor.fill(7);
        return tensor;
    }

    static void assertShapes(String message, Tensor untouched, Executable call) {
        assertMessage(ShapeMismatchException.class, message, untouched, call);
    }

    static void assertRefused(String message, Tensor untouched, Executable call) {
        assertMessage(IllegalArgumentException.class, message, untouched, call);
    }

    private static void assertMessage(
            Class<? extends RuntimeException> type, String message, Tensor untouched, Executable call) {
        float[] before = untouched.toArray();
        assertEquals(message, assertThrows(type, call).getMessage());
        assertArrayEquals(before, untouched.toArray());
    }
}
