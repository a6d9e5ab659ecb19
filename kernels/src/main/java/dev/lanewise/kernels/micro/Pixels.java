package dev.lanewise.kernels.micro;

/**
 * Rows of a product, which are pixels, that have the same steps of a run in the image. The other steps of the run meet zeros; where
 * few pixels have fewer steps in the image than others, they are taken with these.
 *
 * @param each how many there are of each image
 * @param rows the offset of each row of A, image after image; as long as {@link Tiles#wholeTiles} says, the entries past the last row
 *     pointing to any readable row
 * @param targets the offset of each row of C; as long, but what stands past the last row is not used
 * @param from the first step of the run in the image
 * @param to the step after the last; as from, the length of the run, where there is none
 */
public record Pixels(int each, int[] rows, int[] targets, int from, int to) {
    /**
     * Returns pixels of which all steps are to be taken.
     *
     * @param rows the offset of each row of A
     * @param targets the offset of each row of C
     * @return the pixels, the only element
     */
    public static Pixels[] all(int[] rows, int[] targets) {
        return new Pixels[] {new Pixels(rows.length, rows, targets, 0, Integer.MAX_VALUE)};
    }
}
