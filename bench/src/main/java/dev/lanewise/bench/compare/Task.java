package dev.lanewise.bench.compare;

/**
 * One thing that libraries are compared at.
 *
 * @param shape its shape, in the one form in which it is written
 * @param work operations or bytes of one call
 * @param side rows and columns of a product that is square; 0 for anything else
 */
public record Task(String shape, double work, int side) {}
