package dev.lanewise.bench.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.reference.WindowAxis;
import org.junit.jupiter.api.Test;

/** Shapes in the form of oneDNN's benchdnn. */
class ConvShapeTest {
    /** What is read, and what is written of it; defaults and derived numbers by the rules of benchdnn. */
    private static final String[][] READ = {
        {"mb1ic64ih56oc64oh56kh3ph1n\"name\"", "mb1ic64ih56oc64oh56kh3ph1n\"name\""},
        // A shell takes quotation marks away.
        {"mb1ic64ih56oc64oh56kh3ph1nres:2_1", "mb1ic64ih56oc64oh56kh3ph1n\"res:2_1\""},
        {"mb1ic1ih5oc1kh1n1x1", "mb1ic1ih5oc1oh5kh1ph0n\"1x1\""},
        // Canonical form: groups of 1, widths and strides written out, underscores, another order.
        {"g1mb2_ic3ih224iw224_oc64oh112ow112_kh7kw7_sh2sw2_ph3pw3_dh0dw0", "mb2ic3ih224oc64oh112kh7sh2ph3"},
        {"kh3oc8ic4ih9mb7", "mb7ic4ih9oc8oh7kh3ph0"},
        // The batch is 2, padding follows from the output, the output from padding on both sides.
        {"ic16ih14oc16oh14kh3", "mb2ic16ih14oc16oh14kh3ph1"},
        {"ic16ih14oc16kh3ph1", "mb2ic16ih14oc16oh14kh3ph1"},
        {"ic16ih14oc16kh3", "mb2ic16ih14oc16oh12kh3ph0"},
        {"ic256ih56oc512oh28kh1sh2", "mb2ic256ih56oc512oh28kh1sh2ph0"},
        {"g4mb1ic8ih7iw9oc4kh3kw5sw2ph1dh1", "g4mb1ic8ih7iw9oc4oh5ow2kh3kw5sh1sw2ph1pw1dh1dw1"},
        {"ic3ih8oc4kh1ph2", "mb2ic3ih8oc4oh12kh1ph2"},
        {"ic16iw300oc8kw3pw1", "mb2ic16ih1iw300oc8oh1ow300kh1kw3ph0pw1"},
    };

    /** What is refused, and what the message says. */
    private static final String[][] REFUSED = {
        {"", "expected oneDNN's form, such as mb1ic64ih56oc64oh56kh3ph1"},
        {"3x4x5", "expected oneDNN's form"},
        {"ic3ih8oc4kh", "what is \"kh\"?"},
        {"ic3ih8oc4kh-1", "what is \"kh-1\"?"},
        {"ic3ih8oc4", "kh is missing"},
        {"ih8oc4kh3", "ic is missing"},
        {"ic3oc4kh3", "ih is missing"},
        {"ic3id8ih8oc4kh3", "id is none of g, mb, ic"},
        {"ic3ic3ih8oc4kh3", "ic is there twice"},
        {"ic0ih8oc4kh3", "ic is 0; it must be at least 1"},
        {"ic3ih8oc4kh3sh0", "sh is 0"},
        {"ic99999999999ih8oc4kh3", "ic is 99999999999; it must be at most"},
        {"g3ic4ih8oc6kh3", "groups g (3) must divide ic (4) and oc (6)"},
        {"ic3ih8oc4oh10kh3ph1", "oh is 10; ih 8, a window of 3, stride 1 and padding ph 1 give 7 to 9"},
        {"ic3ih8oc4oh6kh3ph1", "oh is 6; ih 8, a window of 3, stride 1 and padding ph 1 give 7 to 9"},
        {"ic3ih2oc4kh5", "oh is 0; ih 2, a window of 5, stride 1 and padding ph 0 give 1 to 2"},
        {"ic3ih8iw9oc4oh8kh3ph1ow1", "ow is 1"},
        {"mb1000ic1000ih1000oc1kh1", "expected tensors of at most"},
    };

    @Test
    void shapesAreReadAndWrittenInOneForm() {
        for (String[] pair : READ) {
            ConvShape shape = ConvShape.parse(pair[0]);
            assertEquals(pair[1], shape.toString());
            assertEquals(shape, ConvShape.parse(pair[1]));
        }
    }

    @Test
    void whatIsNoShapeIsRefused() {
        for (String[] pair : REFUSED) {
            String message = assertThrows(IllegalArgumentException.class, () -> ConvShape.parse(pair[0]), pair[0])
                    .getMessage();
            assertTrue(message.startsWith("shape " + pair[0] + ": ") && message.contains(pair[1]), message);
        }
    }

    @Test
    void thePaddingBehindIsWhatTheOutputNeeds() {
        ConvShape behind = ConvShape.parse("ic1ih32oc1oh16kh3sh2ph0");
        assertEquals(new WindowAxis(32, 3, 2, 0, 1, 1), behind.vertical());
        assertFalse(behind.isSymmetric());
        ConvShape stem = ConvShape.parse("ic3ih224oc64kh7sh2ph3");
        assertEquals(new WindowAxis(224, 7, 2, 3, 2, 1), stem.vertical());
        assertTrue(stem.isSymmetric());
    }

    @Test
    void sizesAndWorkAreThoseOfTheTensors() {
        ConvShape shape = ConvShape.parse("g2mb3ic4ih5iw6oc8oh3ow4kh3kw3ph0");
        assertEquals(3 * 5 * 6 * 4, shape.inputSize());
        assertEquals(3 * 3 * 4 * 8, shape.outputSize());
        assertEquals(3 * 3 * 2 * 8, shape.weightSize());
        assertEquals(2.0 * 3 * 3 * 4 * 8 * 3 * 3 * 2, shape.flops());
        assertFalse(shape.isDepthwise());
        assertTrue(ConvShape.parse("g4ic4ih5oc8kh3").isDepthwise());
    }
}
