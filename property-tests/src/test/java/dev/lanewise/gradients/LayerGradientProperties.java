package dev.lanewise.gradients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.gradients.LayerCase.Kind;
import dev.lanewise.nn.GradientCheck;
import dev.lanewise.nn.GradientReport;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The gradients of every layer against numerical ones. */
@Tag("widths")
class LayerGradientProperties {
    /** Elements compared of each tensor. */
    private static final int ELEMENTS = 12;

    static GradientReport check(LayerCase layer) {
        GradientCheck check = GradientCheck.of(layer.layer()).atMost(ELEMENTS);
        return (layer.kind().kinked(layer.layer()) ? check.avoidingKinks() : check).check(layer.input());
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void gradientsAreSlopes(@ForAll Kind kind, @ForAll long seed) {
        LayerCase layer = LayerCase.of(kind, new Random(seed));
        GradientReport report = check(layer);
        if (layer.input().size() > 0 && report.compared() > 0) {
            assertTrue(report.sensitivity() < 0.2, () -> layer + ": only errors above " + report.sensitivity());
        }
    }
}
