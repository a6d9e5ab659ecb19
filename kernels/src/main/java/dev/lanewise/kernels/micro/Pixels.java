package dev.lanewise.kernels.micro;

/**
 * Rows of a product, which are pixels, that have the same steps of a run in the image. The other steps of the run meet zeros.
 *
 * @param each how many there are of each image
 * @param rows the offset of each row of A, as long as {@link Tiles#wholeTiles} says, image after image
 * @param targets the offset of each row of C, likewise
 * @param from the first step of the run in the image
 * @param to the step after the last; as from, the length of the run, where there is none
 */
public record Pixels(int each, int[] rows, int[] targets, int from, int to) {}
