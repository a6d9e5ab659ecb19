package dev.lanewise.kernels.micro;

/**
 * The left factor of a product, found through offsets: {@code A(i, p) = array[a0 + rows[i] + steps[p]]}, rows being those of its
 * {@link Pixels}.
 *
 * <p>Where a factor starts, such as {@code a0}, is an argument of {@link Tiles#multiply} of its own: tasks differ in
 * nothing else, so one object serves all of a call.
 *
 * @param array holds the elements
 * @param all all rows, the only element
 * @param steps the offset of each step of the sum
 * @param run how many steps at a time are next to each other, from step 0 on; 1 if none are
 * @param border which rows meet zeros under which steps; null if all steps of all rows are to be taken. Only for runs of at least
 *     {@link Tiles#SHORTEST_RUN}
 */
public record Left(float[] array, Pixels[] all, int[] steps, int run, Border border) {}
