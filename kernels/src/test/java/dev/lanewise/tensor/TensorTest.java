package dev.lanewise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Shapes and tensors. */
class TensorTest {
    private static void assertMessage(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    private static Tensor counting(int... extents) {
        Tensor tensor = Tensor.zeros(extents);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = i;
        }
        return tensor;
    }

    @Test
    void aShapeKnowsItsExtents() {
        Shape shape = Shape.of(2, 3, 5);
        assertEquals(3, shape.rank());
        assertEquals(30, shape.size());
        assertEquals(6, shape.rows());
        assertEquals(5, shape.extent(-1));
        assertEquals(2, shape.extent(-3));
        assertEquals("2x3x5", shape.toString());
        assertEquals(Shape.of(3, 5), shape.dropFirst());
        assertEquals(Shape.of(7, 2, 3, 5), shape.prepend(7));
        assertEquals(Shape.of(9, 3, 5), shape.withFirst(9));
        assertEquals(Shape.of(2, 3, 5).hashCode(), shape.hashCode());
        assertNotEquals(Shape.of(30), shape);
        assertEquals(0, Shape.of(4, 0, 3).size());
        assertEquals(1, Shape.of().size());
        assertEquals("scalar", Shape.of().toString());
        assertMessage("shape: 2x3x5 has no axis 3", () -> shape.extent(3));
        assertMessage("shape: 2x3x5 has no axis -4", () -> shape.extent(-4));
    }

    @Test
    void aShapeThatCannotBeIsRefused() {
        assertMessage("shape: extents [2, -1] must not be negative", () -> Shape.of(2, -1));
        assertMessage(
                "shape: the product of [65536, 65536] must not exceed 2147483647 elements",
                () -> Shape.of(65536, 65536));
        // Also where an extent of 0 makes the size 0.
        assertThrows(IllegalArgumentException.class, () -> Shape.of(0, 65536, 65536));
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
    }

    @Test
    void aShapeKeepsNoHoldOfItsArray() {
        int[] extents = {2, 3};
        Shape shape = Shape.of(extents);
        extents[0] = 9;
        shape.toArray()[1] = 9;
        assertEquals(Shape.of(2, 3), shape);
    }

    @Test
    void elementsAreRowMajor() {
        Tensor tensor = counting(2, 3, 4);
        assertEquals(1 * 12 + 2 * 4 + 3, tensor.get(1, 2, 3));
        tensor.set(-1, 1, 0, 2);
        assertEquals(-1, tensor.array()[14]);
        assertMessage("tensor: index [1, 3, 0] is outside 2x3x4", () -> tensor.get(1, 3, 0));
        assertMessage("tensor: 2x3x4 has 3 axes; given were 2 indices", () -> tensor.get(1, 3));
    }

    @Test
    void slicesAndReshapesShareElements() {
        Tensor tensor = counting(4, 3);
        Tensor slice = tensor.slice(1, 3);
        assertEquals(Shape.of(2, 3), slice.shape());
        assertArrayEquals(new float[] {3, 4, 5, 6, 7, 8}, slice.toArray());
        slice.set(50, 0, 0);
        assertEquals(50, tensor.get(1, 0));
        assertSame(tensor.array(), slice.reshape(Shape.of(3, 2)).array());
        assertEquals(8, slice.reshape(Shape.of(3, 2)).get(2, 1));
        assertEquals(0, tensor.slice(2, 2).size());
        assertEquals(0, Tensor.zeros(0, 3).slice(0, 0).size());
        assertMessage("slice: 1..5 does not lie within 0..4 of 4x3", () -> tensor.slice(1, 5));
        assertMessage(
                "reshape: 4x3 has 12 elements, 5 has 5; the sizes must be equal", () -> tensor.reshape(Shape.of(5)));
    }

    @Test
    void aTensorMayLieInsideAnArray() {
        float[] array = new float[10];
        Tensor tensor = Tensor.wrap(array, 3, Shape.of(2, 2));
        tensor.fill(1);
        assertArrayEquals(new float[] {0, 0, 0, 1, 1, 1, 1, 0, 0, 0}, array);
        tensor.copyFrom(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
        assertEquals(4, array[6]);
        assertMessage(
                "tensor: 2x2 at offset 7 needs 11 elements; the array has 10",
                () -> Tensor.wrap(array, 7, Shape.of(2, 2)));
        assertMessage("tensor: 2x3 needs 6 elements; the array has 10", () -> Tensor.of(array, 2, 3));
        assertEquals(
                "copy: source is 4, target is 2x2; the shapes must be equal",
                assertThrows(ShapeMismatchException.class, () -> tensor.copyFrom(Tensor.zeros(4)))
                        .getMessage());
    }

    @Test
    void overlapsAreFound() {
        Tensor tensor = counting(6);
        assertTrue(tensor.slice(0, 3).overlaps(tensor.slice(2, 4)));
        assertFalse(tensor.slice(0, 3).overlaps(tensor.slice(3, 6)));
        assertFalse(tensor.slice(2, 2).overlaps(tensor));
        assertFalse(counting(6).overlaps(tensor));
    }

    @Test
    void itIsPrintedInShort() {
        assertEquals("Tensor 3 [0.0, 1.0, 2.0]", counting(3).toString());
        assertTrue(counting(100).toString().endsWith("7.0, ...]"));
    }
}
