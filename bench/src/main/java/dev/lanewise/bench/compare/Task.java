package dev.lanewise.bench.compare;

/**
 * One thing that libraries are compared at.
 *
 * @param shape its shape, in the one form in which it is written
 * @param work what is counted of one call: operations, bytes or elements
 * @param limitWork what the machine's limit counts of one call: operations or bytes
 * @param side rows and columns of a product that is square; 0 for anything else
 */
public record Task(String shape, double work, double limitWork, int side) {
    /**
     * Creates one whose work is what the machine's limit counts.
     *
     * @param shape its shape, in the one form in which it is written
     * @param work operations or bytes of one call
     * @param side rows and columns of a product that is square; 0 for anything else
     */
    public Task(String shape, double work, int side) {
        this(shape, work, work, side);
    }
}
