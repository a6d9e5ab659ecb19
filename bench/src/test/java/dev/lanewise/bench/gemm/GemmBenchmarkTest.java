package dev.lanewise.bench.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The benchmark of matrix products: its shapes, and that it refuses to time what is wrong. */
class GemmBenchmarkTest {
    private static GemmBenchmark benchmark(String shape) {
        GemmBenchmark benchmark = new GemmBenchmark();
        benchmark.library = "lanewise";
        benchmark.shape = shape;
        benchmark.threads = 2;
        return benchmark;
    }

    @Test
    void shapesAreReadAndWritten() {
        for (String text : new String[] {"1x2x3", "512x512x512", "128x10x512:nt", "7x8x9:tn", "7x8x9:tt"}) {
            assertEquals(text, GemmShape.parse(text).toString());
        }
        assertEquals(2.0 * 7 * 8 * 9, GemmShape.parse("7x8x9:tn").flops());
        assertTrue(GemmShape.parse("7x8x9:tn").transposeA());
        for (String wrong : new String[] {"", "7x8", "7x8x9:xy", "axbxc", "7x8x9:n"}) {
            assertThrows(IllegalArgumentException.class, () -> GemmShape.parse(wrong));
        }
    }

    @Test
    void whatIsRightMayBeTimed() {
        for (String shape : new String[] {"5x7x9", "97x33x65:tn", "97x33x65:nt", "97x33x65:tt"}) {
            GemmBenchmark benchmark = benchmark(shape);
            benchmark.prepare();
            benchmark.multiply();
            benchmark.close();
        }
    }

    @Test
    void whatIsWrongIsRefused() {
        GemmShape shape = GemmShape.parse("2x2x1");
        float[] a = {1, 2};
        float[] b = {3, 4};
        GemmBenchmark.check(shape, a, b, new float[] {3, 4, 6, 8});
        String message = assertThrows(
                        IllegalStateException.class, () -> GemmBenchmark.check(shape, a, b, new float[] {3, 4, 6, 9}))
                .getMessage();
        assertEquals("C[1, 1] of 2x2x1 is 9.0; it must be 8", message);
        GemmBenchmark unknown = benchmark("2x2x2");
        unknown.library = "none";
        assertThrows(IllegalStateException.class, unknown::prepare);
    }
}
