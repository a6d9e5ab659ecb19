package dev.lanewise.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What the operating system says about the processor.
 *
 * @param name the model's name; empty where it isn't known
 * @param architecture as in the system property {@code os.arch}
 * @param features the instruction sets, in Linux's words; empty where they aren't known
 */
record Processor(String name, String architecture, Set<String> features) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    static Processor read() {
        List<String> lines = lines(CPU_INFO);
        String flags = field(lines, "flags");
        if (flags.isEmpty()) {
            flags = field(lines, "Features");
        }
        return new Processor(field(lines, "model name"), System.getProperty("os.arch", ""), Set.of(flags.split(" +")));
    }

    /** The kernel's setting: {@code always}, {@code madvise} or {@code never}; empty where it isn't known. */
    static String transparentHugePages() {
        String setting = String.join(" ", lines(HUGE_PAGES));
        int from = setting.indexOf('[');
        int to = setting.indexOf(']');
        return from >= 0 && to > from ? setting.substring(from + 1, to) : "";
    }

    boolean has(String feature) {
        return features.contains(feature);
    }

    boolean isX86() {
        return architecture.equals("amd64") || architecture.equals("x86_64");
    }

    boolean isArm() {
        return architecture.equals("aarch64");
    }

    String describe() {
        return name.isEmpty() ? architecture : name + ", " + architecture;
    }

    private static String field(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key) && line.indexOf(':') > 0)
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException | SecurityException notThisSystem) {
            return List.of();
        }
    }
}
