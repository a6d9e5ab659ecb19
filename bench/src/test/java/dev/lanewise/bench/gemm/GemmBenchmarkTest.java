package dev.lanewise.bench.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.Libraries;
import org.junit.jupiter.api.Test;

/** The benchmark of matrix products: its shapes, and that it refuses to time what is wrong. */
class GemmBenchmarkTest {
    private static GemmBenchmark benchmark(String shape) {
        return benchmark("lanewise", Operation.MATMUL, shape);
    }

    private static GemmBenchmark benchmark(String library, Operation operation, String shape) {
        GemmBenchmark benchmark = new GemmBenchmark();
        benchmark.library = library;
        benchmark.operation = operation;
        benchmark.shape = shape;
        benchmark.threads = 2;
        return benchmark;
    }

    @Test
    void shapesAreReadAndWritten() {
        for (String text : new String[] {
            "1x2x3", "512x512x512", "128x10x512:nt", "7x8x9:tn", "7x8x9:tt", "7x8x9:b3", "7x8x9:nt:b12"
        }) {
            assertEquals(text, GemmShape.parse(text).toString());
        }
        assertEquals(2.0 * 7 * 8 * 9, GemmShape.parse("7x8x9:tn").flops());
        assertTrue(GemmShape.parse("7x8x9:tn").transposeA());
        for (String wrong :
                new String[] {"", "7x8", "7x8x9:xy", "axbxc", "7x8x9:n", "0x8x9", "7x8x9:b0", "99999x99999x1"}) {
            assertThrows(IllegalArgumentException.class, () -> GemmShape.parse(wrong));
        }
    }

    @Test
    void whatIsRightMayBeTimed() {
        String[] products = {"5x7x9", "97x33x65:tn", "97x33x65:nt", "97x33x65:tt", "5x7x9:nt:b3"};
        String[] vectors = {"37x65", "37x65:t"};
        for (String library : new String[] {"lanewise", "scalar"}) {
            for (Operation operation : Operation.values()) {
                for (String shape : operation == Operation.GEMV ? vectors : products) {
                    GemmBenchmark benchmark = benchmark(library, operation, shape);
                    if (Libraries.named(GemmLibrary.class, library).offers(operation, operation.parse(shape))) {
                        benchmark.prepare();
                        benchmark.run();
                        benchmark.close();
                    }
                }
            }
        }
    }

    @Test
    void theWorkIsOperationsOrBytes() {
        assertEquals(2.0 * 7 * 8 * 9 * 3, Operation.MATMUL.work(Operation.MATMUL.parse("7x8x9:b3")));
        assertEquals(4.0 * 7 * 9, Operation.GEMV.work(Operation.GEMV.parse("7x9:t")));
        assertEquals("7x9:t", Operation.GEMV.text(Operation.GEMV.parse("7x9:t")));
    }

    @Test
    void whatIsWrongIsRefused() {
        GemmShape shape = GemmShape.parse("2x2x1");
        double[] a = {1, 2};
        double[] b = {3, 4};
        GemmBenchmark.check(shape, a, b, new double[] {3, 4, 6, 8});
        String message = assertThrows(
                        IllegalStateException.class, () -> GemmBenchmark.check(shape, a, b, new double[] {3, 4, 6, 9}))
                .getMessage();
        assertEquals("C[1, 1] of 2x2x1 is 9.0; it must be 8", message);
        GemmBenchmark unknown = benchmark("2x2x2");
        unknown.library = "none";
        assertThrows(IllegalStateException.class, unknown::prepare);
    }
}
