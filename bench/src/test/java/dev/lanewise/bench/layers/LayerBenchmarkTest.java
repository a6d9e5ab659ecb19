package dev.lanewise.bench.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.kernels.ConvAlgorithm;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The benchmark of convolutions and pooling: what is right may be timed, what is wrong is refused. */
class LayerBenchmarkTest {
    private static final String[] CONVOLUTIONS = {
        "mb2ic5ih7oc6oh7kh3ph1",
        "g3mb1ic6ih9iw8oc9kh3kw2sh2ph1pw0dh1dw0",
        "mb1ic3ih8oc2oh4kh3sh2ph0",
        "mb1ic2ih9oc3oh3kh1sh4ph0",
        "mb1ic2ih3oc3oh3kh5ph2",
        "mb1ic4iw11oc3kw3pw1",
        "mb1ic2ih4oc3oh9kh2ph3",
    };
    private static final String[] POOLS = {
        "mb2ic5ih8kh2sh2",
        "mb1ic3ih7oh4kh3sh2ph1",
        "mb1ic2ih9iw5oh5ow5kh5kw3sh2sw1ph2pw1",
        "mb1ic4ih7kh7",
        "mb1ic1ih6kh3"
    };

    private static void time(String library, LayerContest contest, String shape) {
        time(library, contest, shape, ConvAlgorithm.EXACT);
    }

    private static void time(String library, LayerContest contest, String shape, ConvAlgorithm algorithm) {
        LayerBenchmark benchmark = new LayerBenchmark();
        benchmark.library = library;
        benchmark.contest = contest;
        benchmark.shape = shape;
        benchmark.algorithm = algorithm;
        benchmark.threads = 2;
        benchmark.prepare();
        benchmark.run();
        benchmark.close();
    }

    @Test
    void whatIsWithinTheBoundMayBeTimed() {
        for (LayerContest contest : new LayerContest[] {
            LayerContest.CONV, LayerContest.CONV_BACKWARD_DATA, LayerContest.CONV_BACKWARD_WEIGHTS
        }) {
            time("lanewise", contest, "mb2ic17ih19oc18oh19kh3ph1", ConvAlgorithm.FAST);
            time("lanewise", contest, "mb1ic3ih8oc5oh4kh3sh2ph1", ConvAlgorithm.FAST);
        }
    }

    /** Two wrong products are beyond the bound, which for operands of 3 at most, and as many as here, is about 1. */
    @Test
    void whatIsBeyondTheBoundIsRefused() {
        for (Direction direction : Direction.values()) {
            ConvShape shape = ConvShape.parse("mb2ic17ih19oc18oh19kh3ph1");
            ConvLayer layer = new ConvLayer(direction, shape, ConvAlgorithm.FAST);
            Operands operands = layer.draw(new Random(1));
            try (LayerLibrary.Running running = new LanewiseLayers().prepare(layer, operands, 1)) {
                running.run();
                float[] result = running.result();
                layer.check(operands, result);
                result[0] += 16;
                assertThrows(IllegalStateException.class, () -> layer.check(operands, result));
            }
        }
    }

    @Test
    void whatIsRightMayBeTimed() {
        for (String library : new String[] {"lanewise", "scalar"}) {
            for (String shape : CONVOLUTIONS) {
                time(library, LayerContest.CONV, shape);
                time(library, LayerContest.CONV_BACKWARD_DATA, shape);
                time(library, LayerContest.CONV_BACKWARD_WEIGHTS, shape);
            }
            for (String before : new String[] {"", "backward-data:", "backward-weights:"}) {
                time(library, LayerContest.DEPTHWISE, before + "g6mb2ic6ih7oc6oh7kh3ph1");
                time(library, LayerContest.DEPTHWISE, before + "g4mb1ic4ih9oc8oh5kh3sh2ph1");
            }
            for (String before : new String[] {"", "max:", "max-backward:", "avg:", "avg-backward:"}) {
                for (String shape : POOLS) {
                    time(library, LayerContest.POOL, before + shape);
                }
            }
        }
    }

    /** Negative control: one element that is off by one, and a result of another size. */
    @Test
    void whatIsWrongIsRefused() {
        for (LayerContest contest : LayerContest.values()) {
            for (String before : contest == LayerContest.POOL
                    ? new String[] {"max:", "max-backward:", "avg:", "avg-backward:"}
                    : new String[] {""}) {
                boolean pool = contest == LayerContest.POOL;
                Layer layer = contest.parse(before + (pool ? "mb2ic3ih7oh4kh3sh2ph1" : "g3mb2ic3ih5oc6oh5kh3ph1"));
                Operands operands = layer.draw(new Random(3));
                float[] result = result(layer, operands);
                layer.check(operands, result);
                for (int i = 0; i < result.length; i += 7) {
                    float[] wrong = result.clone();
                    wrong[i] += 1;
                    String message = refused(layer, operands, wrong);
                    assertTrue(message.contains(": element " + i + " is " + wrong[i] + "; it must be "), message);
                }
                String message = refused(layer, operands, new float[result.length - 1]);
                assertTrue(message.contains("it must have " + result.length), message);
            }
        }
    }

    private static float[] result(Layer layer, Operands operands) {
        try (LayerLibrary.Running running =
                Libraries.named(LayerLibrary.class, "lanewise").prepare(layer, operands, 1)) {
            running.run();
            return running.result();
        }
    }

    private static String refused(Layer layer, Operands operands, float[] wrong) {
        return assertThrows(IllegalStateException.class, () -> layer.check(operands, wrong))
                .getMessage();
    }

    /** Large results are checked at some places only; a wrong one in all places is always found. */
    @Test
    void aLargeResultIsCheckedToo() {
        Layer layer = LayerContest.CONV.parse("mb1ic1ih150oc3oh150kh3ph1");
        Operands operands = layer.draw(new Random(4));
        float[] result = result(layer, operands);
        layer.check(operands, result);
        for (int i = 0; i < result.length; i++) {
            result[i]++;
        }
        assertTrue(refused(layer, operands, result).startsWith("forward of mb1ic1ih150oc3oh150kh3ph1: element 0 is "));
    }

    @Test
    void theWorkIsOperationsOrBytes() {
        assertEquals(
                2.0 * 25 * 6 * 9,
                LayerContest.CONV.parse("g3mb1ic3ih5oc6oh5kh3ph1").work());
        assertEquals(
                4.0 * 2 * (64 + 16), LayerContest.POOL.parse("mb1ic2ih8kh2sh2").work());
    }

    @Test
    void whatIsDoneStandsBeforeTheShape() {
        for (String text : new String[] {
            "max:mb1ic3ih8oh4kh2sh2ph0n\"a:b\"",
            "max-backward:mb1ic3ih8oh4kh2sh2ph0",
            "avg:mb1ic3ih8oh4kh2sh2ph0",
            "avg-backward:mb1ic3ih8oh4kh2sh2ph0"
        }) {
            assertEquals(text, LayerContest.POOL.task(text).shape());
        }
        assertEquals(
                "max:mb2ic3ih8oh7kh2ph0", LayerContest.POOL.task("ic3ih8kh2").shape());
        String depthwise = "g3mb1ic3ih5oc6oh5kh3ph1n\"x\"";
        for (String before : new String[] {"", "backward-data:", "backward-weights:"}) {
            assertEquals(
                    before + depthwise,
                    LayerContest.DEPTHWISE.task(before + depthwise).shape());
        }
        for (String[] wrong : new String[][] {
            {"POOL", "min:ic3ih8kh2", "min: before it; expected max:, max-backward:"},
            {"POOL", "ic3ih8oc3kh2", "oc is none of mb, ic"},
            {"POOL", "ic3ih8kh2ph2", "padding ph is 2; it must be less than the 2"},
            {"DEPTHWISE", "backward:g3ic3ih5oc6kh3", "backward: before it; expected backward-data:"},
            {"DEPTHWISE", "ic3ih5oc6kh3", "groups g (1) must be as many as ic (3)"},
            {"CONV", "max:ic3ih5oc6kh3", "expected oneDNN's form"},
        }) {
            LayerContest contest = LayerContest.valueOf(wrong[0]);
            String message = assertThrows(IllegalArgumentException.class, () -> contest.task(wrong[1]))
                    .getMessage();
            assertTrue(message.startsWith("shape " + wrong[1] + ": ") && message.contains(wrong[2]), message);
        }
    }
}
