package dev.lanewise.peers.gemm;

import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.PhysicalStore;
import org.ojalgo.matrix.store.PrimitiveFactory;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/** ojAlgo, column-major. */
public final class OjAlgo implements GemmLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public OjAlgo() {}

    @Override
    public String name() {
        return "ojalgo";
    }

    @Override
    public String version() {
        return "ojAlgo " + OjAlgoUtils.getVersion();
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean offers(Operation operation, GemmShape shape) {
        return shape.batch() == 1;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        OjAlgoUtils.limitThreadsTo(threads);
        PrimitiveFactory<? extends PhysicalStore<Double>> factory =
                operation == Operation.DGEMM ? R064Store.FACTORY : R032Store.FACTORY;
        MatrixStore<Double> left = stored(factory, shape.m(), shape.k(), shape.transposeA(), a);
        MatrixStore<Double> right = stored(factory, shape.k(), shape.n(), shape.transposeB(), b);
        PhysicalStore<Double> c = factory.make(shape.m(), shape.n());
        return new Running(() -> c.fillByMultiplying(left, right), () -> rowMajor(shape, c));
    }

    /** A matrix as it is stored, and a view of it transposed where that is what is multiplied. */
    private static MatrixStore<Double> stored(
            PrimitiveFactory<? extends PhysicalStore<Double>> factory,
            int rows,
            int columns,
            boolean transposed,
            double[] values) {
        PhysicalStore<Double> store = transposed ? factory.make(columns, rows) : factory.make(rows, columns);
        int width = transposed ? rows : columns;
        for (int at = 0; at < values.length; at++) {
            store.set(at / width, at % width, values[at]);
        }
        return transposed ? store.transpose() : store;
    }

    private static double[] rowMajor(GemmShape shape, PhysicalStore<Double> c) {
        double[] values = new double[shape.m() * shape.n()];
        for (int at = 0; at < values.length; at++) {
            values[at] = c.doubleValue(at / shape.n(), at % shape.n());
        }
        return values;
    }
}
