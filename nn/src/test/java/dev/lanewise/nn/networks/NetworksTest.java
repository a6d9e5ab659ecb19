package dev.lanewise.nn.networks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The four networks that benchmarks compare: their sizes are fixed. */
class NetworksTest {
    private static final Shape GRAY = Shape.of(28, 28, 1);
    private static final Shape COLOUR = Shape.of(32, 32, 3);

    private static int parameters(Sequential network) {
        return network.parameters().stream()
                .mapToInt(parameter -> parameter.value().size())
                .sum();
    }

    @Test
    void sizesAreThoseOfTheirDefinitions() {
        assertEquals(784 * 512 + 512 + 512 * 512 + 512 + 512 * 10 + 10, parameters(Networks.mlp(GRAY, 10, 1)));
        int lenet = 25 * 32 + 32 + 25 * 32 * 64 + 64 + 7 * 7 * 64 * 512 + 512 + 512 * 10 + 10;
        assertEquals(lenet, parameters(Networks.lenet(GRAY, 10, 1)));
        int convolutions = 9 * (3 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 256 * 256) + 2 * (64 + 128 + 256);
        assertEquals(convolutions + 4 * 4 * 256 * 10 + 10, parameters(Networks.vgg(COLOUR, 10, 1)));
        assertEquals(convolutions - 9 * 2 * 64 + 3 * 3 * 256 * 10 + 10, parameters(Networks.vgg(GRAY, 10, 1)));
        // The number that every ResNet-18 for CIFAR-10 has.
        assertEquals(11_173_962, parameters(Networks.resnet18(COLOUR, 10, 1)));
    }

    @Test
    void theyTakeImagesAndGiveOneNumberForEachClass() {
        for (Shape image : new Shape[] {GRAY, COLOUR}) {
            assertEquals(Shape.of(7), Networks.mlp(image, 7, 1).outputShape(image));
            assertEquals(Shape.of(7), Networks.lenet(image, 7, 1).outputShape(image));
            assertEquals(Shape.of(7), Networks.vgg(image, 7, 1).outputShape(image));
            assertEquals(Shape.of(7), Networks.resnet18(image, 7, 1).outputShape(image));
        }
        assertEquals(
                "lenet: an image is 784; it must be [height]x[width]x[channels]",
                assertThrows(ShapeMismatchException.class, () -> Networks.lenet(Shape.of(784), 10, 1))
                        .getMessage());
    }

    @Test
    void theSeedFixesTheWeights() {
        Parameter first = Networks.lenet(GRAY, 10, 5).parameters().get(2);
        Parameter same = Networks.lenet(GRAY, 10, 5).parameters().get(2);
        Parameter other = Networks.lenet(GRAY, 10, 6).parameters().get(2);
        assertArrayEquals(first.value().toArray(), same.value().toArray());
        assertFalse(Arrays.equals(first.value().toArray(), other.value().toArray()));
    }
}
