package dev.lanewise.bench.compare;

import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/** Operands where those of a network lie, in a workspace, whose tensors begin cache lines as the memory of other libraries does. */
public final class Placed {
    private Placed() {}

    /**
     * Copies an operand.
     *
     * @param elements its elements
     * @param shape its shape
     * @param memory where it is put
     * @return the copy
     */
    public static Tensor copy(float[] elements, Shape shape, Workspace memory) {
        Tensor tensor = memory.tensor(shape);
        tensor.copyFrom(Tensor.wrap(elements, 0, shape));
        return tensor;
    }
}
