package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of {@link Activation}: results at infinities and zeros of both signs, and at NaN. */
@Tag("widths")
class FunctionSpecialValuesTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    private static final float LN2 = 0x1.62e430p-1f;
    private static final float[] INPUTS = {-INF, -0f, 0f, INF, NAN, Float.intBitsToFloat(0xffc12345)};

    private static Map<Activation, float[]> table() {
        Map<Activation, float[]> table = new EnumMap<>(Activation.class);
        table.put(Activation.IDENTITY, new float[] {-INF, -0f, 0f, INF});
        table.put(Activation.RELU, new float[] {0f, 0f, 0f, INF});
        table.put(Activation.RELU6, new float[] {0f, 0f, 0f, 6f});
        table.put(Activation.LEAKY_RELU, new float[] {-INF, -0f, 0f, INF});
        table.put(Activation.ELU, new float[] {-1f, -0f, 0f, INF});
        table.put(Activation.SELU, new float[] {-1.7580993408473766f, -0f, 0f, INF});
        table.put(Activation.GELU, new float[] {-0f, -0f, 0f, INF});
        table.put(Activation.GELU_TANH, new float[] {-0f, -0f, 0f, INF});
        table.put(Activation.SILU, new float[] {-0f, -0f, 0f, INF});
        table.put(Activation.MISH, new float[] {-0f, -0f, 0f, INF});
        table.put(Activation.HARD_SIGMOID, new float[] {0f, 0.5f, 0.5f, 1f});
        table.put(Activation.HARD_SWISH, new float[] {-0f, -0f, 0f, INF});
        table.put(Activation.SOFTSIGN, new float[] {-1f, -0f, 0f, 1f});
        table.put(Activation.SOFTPLUS, new float[] {0f, LN2, LN2, INF});
        table.put(Activation.SIGMOID, new float[] {0f, 0.5f, 0.5f, 1f});
        table.put(Activation.TANH, new float[] {-1f, -0f, 0f, 1f});
        table.put(Activation.EXP, new float[] {0f, 1f, 1f, INF});
        table.put(Activation.EXPM1, new float[] {-1f, -0f, 0f, INF});
        table.put(Activation.LOG, new float[] {NAN, -INF, -INF, INF});
        table.put(Activation.LOG1P, new float[] {NAN, -0f, 0f, INF});
        table.put(Activation.SQRT, new float[] {NAN, -0f, 0f, INF});
        table.put(Activation.RECIPROCAL, new float[] {-0f, -INF, INF, 0f});
        table.put(Activation.ERF, new float[] {-1f, -0f, 0f, 1f});
        table.put(Activation.SIN, new float[] {NAN, -0f, 0f, NAN});
        table.put(Activation.COS, new float[] {NAN, 1f, 1f, NAN});
        return table;
    }

    private static void assertTable(Map<Activation, float[]> table) {
        for (Activation f : Activation.values()) {
            Tensor y = Tensor.zeros(INPUTS.length);
            Activations.forward(f, Tensor.of(INPUTS.clone(), INPUTS.length), y, Pools.ONE);
            float[] row = table.get(f);
            Bits.assertSame(f.name(), new float[] {row[0], row[1], row[2], row[3], NAN, NAN}, y.toArray());
        }
    }

    @Test
    void areThoseOfTheTable() {
        assertTable(table());
    }

    @Test
    void catchesTheOtherZero() {
        Map<Activation, float[]> wrong = table();
        wrong.get(Activation.TANH)[1] = 0f;
        assertCaught(() -> assertTable(wrong));
    }
}
