package dev.lanewise.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.micro.DoubleTiles;
import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.Tiles;
import dev.lanewise.runtime.Explanation.Finding;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private static final String SERVER_VM = "OpenJDK 64-Bit Server VM";
    private static final Processor ZEN4 = new Processor("EPYC", "amd64", Set.of("avx2", "avx512f"));

    @Test
    void tellsWhatRunsHere() {
        String width = value("vector width");
        assertTrue(width.startsWith(Lanes.LENGTH * 32 + " bits, " + Lanes.LENGTH + " floats"), width);
        for (Finding finding : Explain.process(1).findings()) {
            assertFalse(finding.value().isBlank(), finding.name());
        }
    }

    @Test
    void namesTheTilesThatRun() {
        String matrix = value("matrix product tile");
        String convolution = value("convolution tile");
        assertTrue(
                matrix.startsWith(Tiles.RUN_ROWS + " rows x " + FloatTiles.VECTORS + " vectors, " + FloatTiles.COLUMNS
                        + " columns (" + DoubleTiles.COLUMNS + " of doubles): "),
                matrix);
        assertTrue(
                convolution.startsWith(
                        Tiles.RUN_ROWS + " rows x " + Lanes.TILE_VECTORS + " vectors, " + Tiles.COLUMNS + " columns: "),
                convolution);
    }

    private static String value(String name) {
        return Explain.process(1).findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void tellsWhyTilesAreAsWide() {
        assertEquals(
                "4 rows x 4 vectors, 64 columns (32 of doubles): 21 of 32 vector registers",
                LanesExplained.matrixTile(4, 16, flags("UseFMA", "true")).value());
        assertEquals(
                "6 rows x 2 vectors, 16 columns (8 of doubles): 15 of 16 vector registers, too few for 4 vectors",
                LanesExplained.matrixTile(2, 8, flags()).value());
        assertEquals(
                "4 rows x 4 vectors, 16 columns (8 of doubles): 21 of 32 vector registers; its multiply-adds are computed"
                        + " in software",
                LanesExplained.matrixTile(4, 4, flags("UseFMA", "false")).value());
        assertEquals(
                "6 rows x 2 vectors, 16 columns: 15 of 16 vector registers, too few for 4 vectors",
                LanesExplained.convolutionTile(2, 8).value());
    }

    @Test
    void knowsTheFlagsOfThisJvm() {
        JvmFlags flags = JvmFlags.ofThisProcess();
        assertTrue(flags.isOn("UseFMA") || flags.isOff("UseFMA"));
        assertFalse(flags.isOn("NoSuchFlag"));
        assertFalse(flags.isOff("NoSuchFlag"));
        assertEquals(7, flags.number("NoSuchFlag", 7));
    }

    @Test
    void warnsWhereThereIsNoC2() {
        assertWarns("-Xint", Explain.compiler(SERVER_VM, "interpreted mode, sharing", flags()));
        assertWarns("C1 only", Explain.compiler(SERVER_VM, "mixed mode", flags("TieredStopAtLevel", "1")));
        assertWarns("C1 only", Explain.compiler(SERVER_VM, "mixed mode", flags("CompilationMode", "quick-only")));
        assertWarns("has no C2", Explain.compiler("OpenJDK 64-Bit Zero VM", "mixed mode", flags()));
        assertWarns("Graal", Explain.compiler(SERVER_VM, "mixed mode", flags("UseJVMCICompiler", "true")));
        assertWarns(
                "EnableVectorSupport",
                Explain.compiler(SERVER_VM, "mixed mode", flags("EnableVectorSupport", "false")));
        assertNull(Explain.compiler(SERVER_VM, "mixed mode, sharing", flags("TieredStopAtLevel", "4"))
                .warning());
    }

    @Test
    void warnsOfEverySettingThatMakesItSlow() {
        assertWarns("--add-modules jdk.incubator.vector", Explain.module(false));
        assertWarns("-XX:-UseFMA", Explain.fusedMultiplyAdd(flags("UseFMA", "false")));
        assertWarns("UseCompactObjectHeaders", Explain.objectHeaders(flags("UseCompactObjectHeaders", "true")));
        assertWarns("UseAVX=3", Explain.instructions(ZEN4, flags("UseAVX", "2")));
        assertWarns("at most 2", Explain.threads(3, 2));
        assertWarns("-Xmx2g", Explain.heap(100L << 20));
        assertWarns("makes objects of them", LanesExplained.width(512, 256));
        assertWarns("256 bits would be faster", LanesExplained.width(128, 256));
    }

    @Test
    void isSilentWhereAllIsWell() {
        assertNull(Explain.module(true).warning());
        assertNull(Explain.fusedMultiplyAdd(flags("UseFMA", "true")).warning());
        assertNull(Explain.fusedMultiplyAdd(flags()).warning());
        assertNull(Explain.objectHeaders(flags()).warning());
        assertNull(Explain.instructions(ZEN4, flags("UseAVX", "3")).warning());
        assertNull(Explain.threads(2, 2).warning());
        assertNull(Explain.heap(4L << 30).warning());
        assertNull(LanesExplained.width(512, 512).warning());
    }

    @Test
    void refusesLessThanOneThread() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Explain.process(0));
        assertEquals("explain: threads is 0; it must be at least 1", thrown.getMessage());
    }

    private static JvmFlags flags(String... namesAndValues) {
        Map<String, String> map = namesAndValues.length == 0 ? Map.of() : Map.of(namesAndValues[0], namesAndValues[1]);
        return new JvmFlags(name -> Optional.ofNullable(map.get(name)));
    }

    private static void assertWarns(String part, Finding finding) {
        assertNotNull(finding.warning(), finding.toString());
        String text = finding.value() + ": " + finding.warning();
        assertTrue(text.contains(part), text);
    }
}
