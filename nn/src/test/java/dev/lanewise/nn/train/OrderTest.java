package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
    @Test
    void everyExampleIsInOnePartOnce() {
        for (int size : new int[] {1, 2, 3, 10, 101}) {
            Order order = Order.split(size, 0.1, 9);
            int[] epoch = order.ofEpoch(9, 3).clone();
            int[] all = IntStream.concat(Arrays.stream(epoch), Arrays.stream(order.validation()))
                    .sorted()
                    .toArray();
            assertArrayEquals(Order.ascending(size), all);
            assertEquals(size == 1 ? 0 : Math.max(1, size / 10), order.validation().length);
        }
        assertEquals(0, Order.split(10, 0, 9).validation().length);
        assertEquals(1, Order.split(10, 0.999, 9).trainingSize(), "one is left to learn from");
    }

    @Test
    void theOrderIsAFunctionOfSeedAndEpoch() {
        Order order = Order.split(100, 0.1, 1);
        int[] third = order.ofEpoch(1, 3).clone();
        int[] fourth = order.ofEpoch(1, 4).clone();
        assertArrayEquals(third, order.ofEpoch(1, 3));
        assertArrayEquals(third, Order.split(100, 0.1, 1).ofEpoch(1, 3));
        assertFalse(Arrays.equals(third, fourth));
        assertFalse(Arrays.equals(order.validation(), Order.split(100, 0.1, 2).validation()));
    }

    /** The order is part of what a seed means: this test fails if it ever changes. */
    @Test
    void theOrderOfSeed42DoesNotChange() {
        assertArrayEquals(
                new int[] {6, 0, 7, 2, 5, 1, 3, 4}, Order.split(8, 0, 42).ofEpoch(42, 0));
    }

    /** Each example is as often at each place, within five standard deviations. */
    @Test
    void noPlaceIsPreferred() {
        int epochs = 8000;
        int[][] counts = new int[5][5];
        Order order = Order.split(5, 0, 0);
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] examples = order.ofEpoch(123, epoch);
            for (int place = 0; place < 5; place++) {
                counts[examples[place]][place]++;
            }
        }
        double deviation = Math.sqrt(epochs * 0.2 * 0.8);
        for (int[] row : counts) {
            for (int count : row) {
                assertTrue(Math.abs(count - epochs * 0.2) < 5 * deviation, Arrays.toString(row));
            }
        }
    }
}
