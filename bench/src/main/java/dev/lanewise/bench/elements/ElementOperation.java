package dev.lanewise.bench.elements;

import java.util.List;
import java.util.function.Consumer;

/**
 * An operation that libraries are compared at: a row of a table such as {@link ActivationTable}. All that the suites know of
 * an operation is here, so that another one is another row.
 *
 * @param name what it is called on the command line, such as {@code gelu-gradient}
 * @param shapes what is measured unless the user says so: extents of {@link #LISTS}, in that order
 * @param operands what goes in and comes out; read ones first
 * @param ours calls Lanewise
 * @param torch what PyTorch does; null if it has no such operation
 * @param oneDnn what oneDNN does; null if it has no such operation
 * @param part what can be checked by itself
 * @param truth computes it in double
 */
public record ElementOperation(
        String name,
        List<int[]> shapes,
        List<Operand> operands,
        Consumer<Arguments> ours,
        TorchCode torch,
        OneDnnCall oneDnn,
        Part part,
        Truth truth) {
    /** The lists of shapes that there are, by the number of elements: what each cache holds, and what none does. */
    public static final List<String> LISTS = List.of("16Ki", "128Ki", "16Mi");

    /** Arrays of as many elements as {@link #LISTS} say. */
    static final List<int[]> SIZES = List.of(new int[] {1 << 14}, new int[] {1 << 17}, new int[] {1 << 24});

    /** Rows of the lengths of a head's scores, of the classes of ImageNet, and of the words of a language. */
    static final List<int[]> ROWS = List.of(new int[] {64, 256}, new int[] {128, 1024}, new int[] {512, 1 << 15});

    /** Computes a part in double. */
    @FunctionalInterface
    public interface Truth {
        /**
         * Computes the results of a part.
         *
         * @param operands what each operand holds of it before the first run
         * @param extents the extents of the problem
         * @return what each result must hold of it after that, in the order of the operands
         */
        List<Expected> of(double[][] operands, int[] extents);
    }
}
