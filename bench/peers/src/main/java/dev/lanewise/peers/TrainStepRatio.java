package dev.lanewise.peers;

import dev.lanewise.bench.compare.CleanJvm;
import dev.lanewise.bench.compare.Words;
import dev.lanewise.bench.pictures.Picture;
import dev.lanewise.bench.step.LenetStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times a training step of lenet in Lanewise and in PyTorch, in turn, several times over: machines drift, so each ratio is of
 * two neighbours. Prints a table, and writes it with a picture.
 *
 * <pre>
 *   mvn -q -Ppeers -pl bench/peers -am package -DskipTests
 *   java -jar bench/peers/target/lanewise-peers.jar [ROUNDS [FOLDER]]
 * </pre>
 *
 * <p>The first ratio of a round is of a run of ours and the run of PyTorch after it; rounds begin with the other library in
 * turn.
 */
public final class TrainStepRatio {
    private static final String OURS = LenetStep.class.getName() + ".lanewise";
    private static final String THEIRS = PyTorchLenetStep.class.getName() + ".pytorch";

    private TrainStepRatio() {}

    /**
     * Runs the comparison.
     *
     * @param args how many rounds, 5 unless given; the folder to write to, {@code bench-results} unless given
     * @throws RunnerException if a benchmark fails
     * @throws IOException if the results can't be written
     */
    public static void main(String[] args) throws RunnerException, IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        Path folder = Files.createDirectories(Path.of(args.length > 1 ? args[1] : "bench-results"));
        List<StepTimes> results = new ArrayList<>();
        try (CleanJvm jvm = new CleanJvm(System.getenv())) {
            if (jvm.remark() != null) {
                System.out.println(jvm.remark());
            }
            for (int threads : new int[] {1, 2}) {
                results.add(times(jvm, threads, rounds));
            }
        }
        String table = StepTimes.table(results);
        System.out.println();
        System.out.print(table);
        Files.writeString(folder.resolve("train-step.txt"), table);
        Picture.save(folder.resolve("train-step.png"), () -> StepChart.draw(results));
    }

    private static StepTimes times(CleanJvm jvm, int threads, int rounds) throws RunnerException {
        StepTimes times = new StepTimes(threads, new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            boolean oursFirst = round % 2 == 0;
            double first = time(jvm, oursFirst ? OURS : THEIRS, threads);
            double second = time(jvm, oursFirst ? THEIRS : OURS, threads);
            times.add(oursFirst ? first : second, oursFirst ? second : first);
            System.out.printf(
                    Locale.ROOT,
                    "%s, round %d of %d: Lanewise %.1f ms, PyTorch %.1f ms%n",
                    Words.threads(threads),
                    round + 1,
                    rounds,
                    times.lanewise().getLast(),
                    times.pytorch().getLast());
        }
        return times;
    }

    /** One fork of one benchmark: milliseconds for a step. */
    private static double time(CleanJvm jvm, String benchmark, int threads) throws RunnerException {
        var options = new OptionsBuilder()
                .include(benchmark.replace(".", "\\."))
                .param("threads", Integer.toString(threads))
                .jvm(jvm.executable())
                .forks(1)
                .warmupIterations(4)
                .warmupTime(TimeValue.seconds(3))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(3))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        RunResult result = new Runner(options).runSingle();
        return result.getPrimaryResult().getScore();
    }
}
