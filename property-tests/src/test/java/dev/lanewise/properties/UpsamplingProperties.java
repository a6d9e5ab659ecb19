package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.Upsampling;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.UpsamplingReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Up-sampling against its references; small cases by hand; and kernels that are wrong on purpose. */
@Tag("widths")
class UpsamplingProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = UpsamplingTrials.Any.class) UpsamplingTrials images,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        images.forward(Values::normal).checkBits(offset, parallelism);
        images.gradient(Values::normal).checkBits(offset, parallelism);
        images.forward(Values::mixed).checkBits(offset, parallelism);
        images.gradient(Values::mixed).checkBits(offset, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = UpsamplingTrials.Any.class) UpsamplingTrials images) {
        images.forward(Values::normal).checkTruth();
        images.gradient(Values::normal).checkTruth();
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(@ForAll(supplier = UpsamplingTrials.Any.class) UpsamplingTrials images) {
        images.forward(Values::normal).checkThreads();
        images.gradient(Values::normal).checkThreads();
    }

    private static void assertRow(Interpolation mode, float[] row, float... expected) {
        Tensor y = Tensor.zeros(1, 1, expected.length, 1);
        Upsampling.forward(mode, Tensor.of(row, 1, 1, row.length, 1), y, Pools.ONE);
        Bits.assertSame(mode.name(), expected, y.toArray());
    }

    /** What PyTorch's {@code interpolate} gives for these rows. */
    @Example
    void smallRowsByHand() {
        float[] row = {0, 4};
        assertRow(Interpolation.NEAREST, row, 0, 0, 4, 4);
        assertRow(Interpolation.NEAREST, row, 0, 0, 4);
        assertRow(Interpolation.BILINEAR, row, 0, 1, 3, 4);
        assertRow(Interpolation.BILINEAR_ALIGNED, new float[] {0, 3}, 0, 1, 2, 3);
        assertRow(Interpolation.BILINEAR_ALIGNED, row, 0);
        assertRow(Interpolation.BILINEAR, new float[] {0, 1, 2, 3}, 0.5f, 2.5f);
    }

    @Example
    void catchesWrongKernels() {
        UpsamplingReference sizes = new UpsamplingReference(Interpolation.BILINEAR, 2, 3, 4, 6, 9, 17);
        UpsamplingTrials images = new UpsamplingTrials(sizes, 3);
        Trial forward = images.forward(Values::normal);
        Trial gradient = images.gradient(Values::normal);
        forward.checkBits(0, Pools.ONE);
        gradient.checkBits(0, Pools.ONE);
        for (Interpolation wrong : new Interpolation[] {Interpolation.NEAREST, Interpolation.BILINEAR_ALIGNED}) {
            Trial otherForward = forward.with((t, p, w) -> Upsampling.forward(wrong, t[0], t[1], p));
            assertCaught(() -> otherForward.checkBits(0, Pools.ONE));
            assertCaught(otherForward::checkTruth);
            Trial otherGradient = gradient.with((t, p, w) -> Upsampling.gradient(wrong, t[0], t[1], p));
            assertCaught(() -> otherGradient.checkBits(0, Pools.ONE));
            assertCaught(otherGradient::checkTruth);
        }
        for (Trial right : new Trial[] {forward, gradient}) {
            Trial threaded = right.with((t, p, w) -> {
                right.kernel().run(t, p, w);
                t[1].array()[t[1].offset() + 20] += p.threads() > 1 ? 1 : 0;
            });
            assertCaught(threaded::checkThreads);
        }
    }
}
