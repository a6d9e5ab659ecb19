package dev.lanewise.kernels.micro;

/**
 * The left factor of a product, found through offsets: {@code A(i, p) = array[offset + rows[i] + steps[p]]}.
 *
 * @param array holds the elements
 * @param offset added to every position
 * @param rows the offset of each row; as long as {@link Tiles#wholeTiles} says, the entries past the last row pointing
 *     to any readable row
 * @param steps the offset of each step of the sum
 */
public record Left(float[] array, int offset, int[] rows, int[] steps) {}
