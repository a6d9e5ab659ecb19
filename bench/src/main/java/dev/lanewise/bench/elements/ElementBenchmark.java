package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.LibraryBenchmark;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;

/** Time of an element-wise operation or a reduction in one library; what it computes is checked before it is timed. */
public class ElementBenchmark extends LibraryBenchmark {
    /** Which suite. */
    @Param("ACTIVATIONS")
    public ElementContest contest;

    /** What is computed, in the form that {@link Problem#parse} reads. */
    @Param("gelu:128Ki")
    public String shape;

    private Problem problem;
    private float[][] operands;
    private ElementLibrary.Running running;

    /** Creates it, for JMH. */
    public ElementBenchmark() {}

    @Override
    protected Computation prepared() {
        problem = contest.parse(shape);
        operands = problem.draw(new Random(1));
        running = Libraries.named(ElementLibrary.class, library).prepare(problem, operands, threads);
        return running;
    }

    /** A single computation: what is updated would change with the next. */
    @Override
    protected void runFirst() {
        running.run(1);
    }

    @Override
    protected void check() {
        problem.check(operands, problem.results().stream().map(running::result).toList());
        operands = null;
    }
}
