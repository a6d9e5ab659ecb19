package dev.lanewise.bench.compare;

import dev.lanewise.bench.gemm.GemmLibraries;
import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Times libraries in turn, each measurement in a process of its own, so that a machine that drifts does not decide which
 * one is faster.
 *
 * @param operation what is timed
 * @param libraries the libraries, ours first
 * @param forks how a process is run
 * @param rounds how many processes for each library and shape
 */
public record Comparison(Operation operation, List<GemmLibrary> libraries, Forks forks, int rounds) {
    /**
     * Returns the names of the libraries.
     *
     * @return their names, ours first
     */
    public List<String> names() {
        return libraries.stream().map(GemmLibrary::name).toList();
    }

    /**
     * Times one shape; each round begins with another library.
     *
     * @param shape the shape
     * @param threads how many threads work
     * @return the speeds
     * @throws RunnerException if a process fails, or a library computes something else than it should
     */
    public Row row(GemmShape shape, int threads) throws RunnerException {
        double work = operation.work(shape);
        LinkedHashMap<String, List<Double>> speeds = new LinkedHashMap<>();
        names().forEach(name -> speeds.put(name, new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < libraries.size(); i++) {
                GemmLibrary library = libraries.get((round + i) % libraries.size());
                if (library.offers(operation, shape)) {
                    speeds.get(library.name()).add(work / forks.nanos(operation, shape, library, threads));
                }
            }
        }
        return new Row(operation.text(shape), threads, work, speeds);
    }

    /**
     * Asks a library for its version, in a process of its own.
     *
     * @param library its name
     * @return what it says
     * @throws IOException if it can't be loaded; the message says why
     */
    public static String version(String library) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GemmLibraries.class.getName(),
                        library)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> lines = said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                .toList();
        try {
            if (process.waitFor() != 0 || lines.isEmpty()) {
                throw new IOException(lines.isEmpty() ? "its process failed" : lines.getFirst());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        return lines.getLast();
    }
}
