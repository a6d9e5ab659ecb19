package dev.lanewise.kernels.micro;

/**
 * The zeros around images: which rows of a product meet them, and what they add to its sums.
 *
 * <p>A product with 0 is a zero of either sign, or NaN where the other factor is none or infinite. However many of them are next to
 * each other in a chain of fused multiply-adds, together they add -0, +0 or NaN to it, which depends on the other factors
 * alone: it is known for each position of the kernel, and so the steps that meet zeros need not be taken. The bits are those of
 * the whole chain.
 *
 * @param pixels rows of the product, of each image
 * @param runs for each run all of these, by the steps that are in the image, those of the most steps first
 * @param channels steps of a position of the kernel
 * @param sums what zeros add in column j where they are under position p: {@code sums[sums0 + p * columns + j]}
 * @param sums0 where these start
 * @param columns columns of the product
 */
public record Border(int pixels, Pixels[][] runs, int channels, float[] sums, int sums0, int columns) {}
