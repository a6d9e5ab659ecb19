package dev.lanewise.bench.elements;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What must come out.
 *
 * @param values the right numbers
 * @param magnitudes for each of them, what an error is measured by
 */
public record Expected(double[] values, double[] magnitudes) {
    /**
     * Returns numbers whose errors are measured by themselves.
     *
     * @param values the right numbers
     * @return what must come out
     */
    public static Expected of(double... values) {
        return new Expected(values, values);
    }

    /**
     * Returns numbers whose errors are measured by what they were made of.
     *
     * @param magnitude the sum of the magnitudes of their terms
     * @param values the right numbers
     * @return what must come out
     */
    public static Expected of(double magnitude, double[] values) {
        double[] magnitudes = new double[values.length];
        Arrays.fill(magnitudes, magnitude);
        return new Expected(values, magnitudes);
    }

    /**
     * Returns numbers whose errors are measured by the largest of them and of what they were made of.
     *
     * @param values the right numbers
     * @param from what they were made of
     * @return what must come out
     */
    public static Expected sized(double[] values, double[] from) {
        double largest = DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(from))
                .map(Math::abs)
                .max()
                .orElse(0);
        return of(largest, values);
    }
}
