package dev.lanewise.bench.compare;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The JVM that measures: this one, in an environment without the variables by which users tune native libraries.
 * {@code OPENBLAS_CORETYPE=Haswell}, set for the sake of some other program, halves OpenBLAS on a newer CPU: a table would
 * show a library that nobody has.
 *
 * <p>JMH hands its own environment on to its forks, and has no option for another. But it lets us name the executable:
 * where there is something to leave out, that is a script of two lines.
 */
public final class CleanJvm implements AutoCloseable {
    /** OpenBLAS, MKL, oneDNN under both its names, OpenMP and the two libraries that implement it, and PyTorch. */
    private static final List<String> PREFIXES =
            List.of("OPENBLAS_", "GOTO_", "MKL_", "ONEDNN_", "DNNL_", "OMP_", "GOMP_", "KMP_", "ATEN_", "TORCH_");

    private final SortedMap<String, String> leftOut = new TreeMap<>();
    private final Path script;
    private final String executable;

    /**
     * Finds out what to leave out.
     *
     * @param environment the environment of this process
     * @throws IOException if the script can't be written
     * @throws RefusedException if there is something to leave out, and this system has no scripts
     */
    public CleanJvm(Map<String, String> environment) throws IOException {
        environment.forEach((name, value) -> {
            if (PREFIXES.stream().anyMatch(name::startsWith)) {
                leftOut.put(name, value);
            }
        });
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        script = leftOut.isEmpty() ? null : write(java);
        executable = (script == null ? java : script).toString();
    }

    private Path write(Path java) throws IOException {
        String names = String.join(" ", leftOut.keySet());
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            throw new RefusedException(names + ": expected an environment without, for native libraries heed it");
        }
        Path file = Files.createTempFile(
                "lanewise-java",
                ".sh",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        file.toFile().deleteOnExit();
        return Files.writeString(
                file, "#!/bin/sh\nunset " + names + "\nexec '" + java.toString().replace("'", "'\\''") + "' \"$@\"\n");
    }

    /**
     * Returns what to start in place of {@code java}.
     *
     * @return the path of an executable
     */
    public String executable() {
        return executable;
    }

    /**
     * Says what is left out.
     *
     * @return a line; null if nothing is
     */
    public String remark() {
        return leftOut.isEmpty()
                ? null
                : "left out of the environment, so that every library is as it comes: "
                        + leftOut.entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())
                                .collect(Collectors.joining(", "));
    }

    /** Deletes the script. */
    @Override
    public void close() throws IOException {
        if (script != null) {
            Files.deleteIfExists(script);
        }
    }
}
