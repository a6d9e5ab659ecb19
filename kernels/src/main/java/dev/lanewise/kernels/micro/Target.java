package dev.lanewise.kernels.micro;

/**
 * Where a product goes: {@code C(i, j) = array[c0 + rows[i] + j]}.
 *
 * @param array receives the elements
 * @param rows the offset of each row; as long as {@link Tiles#wholeTiles} says, what stands past the last is not used
 */
public record Target(float[] array, int[] rows) {}
