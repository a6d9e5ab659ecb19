package dev.lanewise.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Times libraries by turns, each in a process of its own, so that a machine that drifts does not decide which one is faster.
 *
 * @param contest what is timed
 * @param libraries the libraries, ours first
 * @param forks how a process is run
 * @param rounds how many processes for each library and shape
 */
public record Comparison(Contest contest, List<? extends Library> libraries, Forks forks, int rounds) {
    /**
     * Returns the names of the libraries.
     *
     * @return their names, ours first
     */
    public List<String> names() {
        return libraries.stream().map(Library::name).toList();
    }

    /**
     * Times one task.
     *
     * @param task what is to be done
     * @param threads how many threads work
     * @param stop asked now and then whether to end soon, with an exception
     * @return the speeds
     * @throws RunnerException if a process fails, or a library computes something else than it should
     */
    public Row row(Task task, int threads, BooleanSupplier stop) throws RunnerException {
        LinkedHashMap<String, List<List<Double>>> parts = new LinkedHashMap<>();
        names().forEach(name -> parts.put(name, new ArrayList<>()));
        List<? extends Library> able = libraries.stream()
                .filter(library -> contest.offers(library, task))
                .toList();
        for (int round = 0; round < rounds; round++) {
            forks.nanos(contest, task, able, threads, stop)
                    .forEach((library, turns) -> parts.get(library)
                            .add(turns.stream()
                                    .map(nanos -> task.work() / nanos)
                                    .toList()));
        }
        return Row.of(task, threads, parts);
    }
}
