package dev.lanewise.properties;

import static dev.lanewise.properties.ConvolutionChecks.real;
import static dev.lanewise.properties.WinogradChecks.checkBits;
import static dev.lanewise.properties.WinogradChecks.checkBounds;
import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.properties.ConvolutionCase.Channels;
import dev.lanewise.properties.ConvolutionCase.Kernel;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Kernels that are wrong on purpose: each must be caught by the checks of Winograd's algorithm. */
class WinogradControlsTest {
    private static final ConvolutionCase UNEVEN = new ConvolutionCase(
            new WindowAxis(9, 3, 1, 1, 0, 1),
            new WindowAxis(10, 3, 1, 0, 1, 1),
            new Channels(1, 17, 19),
            8,
            Activation.IDENTITY,
            true,
            3,
            11);

    @Test
    void catchesTheOtherAlgorithm() {
        Kernel exact = (convolution, call, threads, workspace) -> real(UNEVEN.convolution(), call, threads, workspace);
        for (Pass pass : Pass.values()) {
            assertCaught(() -> checkBits(exact, UNEVEN, pass, Values::normal, Pools.ONE));
            checkBounds(exact, UNEVEN, pass, Values::normal);
        }
    }

    @Test
    void catchesPaddingOnTheWrongSide() {
        Kernel shifted = (convolution, call, threads, workspace) -> {
            ConvolutionGeometry g = convolution.geometry();
            ConvolutionGeometry wrong = g.withPadding(g.padBottom(), g.padRight(), g.padTop(), g.padLeft());
            real(Convolution.of(wrong, 9, 10, convolution.algorithm()), call, threads, workspace);
        };
        for (Pass pass : Pass.values()) {
            assertCaughtByBoth(shifted, pass);
        }
    }

    @Test
    void catchesALostBias() {
        assertCaughtByBoth(
                (convolution, call, threads, workspace) -> real(convolution, call.withoutBias(), threads, workspace),
                Pass.FORWARD);
    }

    /** A result that is off by as much as a product in half precision would be. */
    @Test
    void catchesALackOfPrecision() {
        Kernel coarse = (convolution, call, threads, workspace) -> {
            real(convolution, call, threads, workspace);
            for (int i = 0; i < call.result().size(); i++) {
                call.result().array()[call.result().offset() + i] *= 1 + 0x1p-10f;
            }
        };
        for (Pass pass : Pass.values()) {
            assertCaughtByBoth(coarse, pass);
        }
    }

    @Test
    void catchesAWeightGradientThatOverwrites() {
        Kernel overwriting = (convolution, call, threads, workspace) -> {
            int from = call.result().offset();
            Arrays.fill(call.result().array(), from, from + call.result().size(), 0);
            real(convolution, call, threads, workspace);
        };
        assertCaughtByBoth(overwriting, Pass.WEIGHT_GRADIENT);
    }

    private static void assertCaughtByBoth(Kernel wrong, Pass pass) {
        checkBits(ConvolutionChecks::real, UNEVEN, pass, Values::normal, Pools.ONE);
        checkBounds(ConvolutionChecks::real, UNEVEN, pass, Values::normal);
        assertCaught(() -> checkBits(wrong, UNEVEN, pass, Values::normal, Pools.ONE));
        assertCaught(() -> checkBounds(wrong, UNEVEN, pass, Values::normal));
    }
}
