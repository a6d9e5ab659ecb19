package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The speed of a sweep over its sizes.
 *
 * @param sweep what was swept
 * @param threads how many threads worked
 * @param rows what was measured, one row for each size from the first on
 */
record Curve(Sweep sweep, int threads, List<Row> rows) {
    /** A fall by more than this from one size to the next is a cliff. */
    static final double CLIFF = 0.15;

    /**
     * A step from one size to the next.
     *
     * @param from the smaller size
     * @param to the next
     */
    record Step(Row from, Row to) {
        /** How much slower the larger one is, as a part of the speed of the smaller; below 0 where it is faster. */
        double fall() {
            return 1 - to.speed(to.ours()) / from.speed(from.ours());
        }
    }

    /** The size of a row. */
    int size(int row) {
        return sweep.first() + row;
    }

    /** All steps. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i < rows.size(); i++) {
            steps.add(new Step(rows.get(i - 1), rows.get(i)));
        }
        return steps;
    }

    /** The steps that are cliffs. */
    List<Step> cliffs() {
        return steps().stream().filter(step -> step.fall() > CLIFF).toList();
    }

    /** The step with the largest fall; none where the speed never falls. */
    Optional<Step> worst() {
        return steps().stream().filter(step -> step.fall() > 0).max(Comparator.comparingDouble(Step::fall));
    }
}
