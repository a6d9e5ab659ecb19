package dev.lanewise.runtime;

import static dev.lanewise.runtime.Explanation.Finding.good;
import static dev.lanewise.runtime.Explanation.Finding.warnIf;

import dev.lanewise.runtime.Explanation.Finding;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells what runs and why: which compiler, which vector width, which tiles, which settings of the JVM, and which of them
 * make kernels slow.
 *
 * <p>Works without the module {@code jdk.incubator.vector} too, so that it can say that it is missing. Reads nothing but
 * the JVM's own flags and, on Linux, {@code /proc/cpuinfo} and the kernel's setting for transparent huge pages.
 */
public final class Explain {
    private static final long SMALL_HEAP = 512L << 20;

    private Explain() {}

    /**
     * Looks at this process.
     *
     * @param threads how many threads the caller means to give to kernels; at least 1
     * @return the findings
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public static Explanation process(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("explain: threads is " + threads + "; it must be at least 1");
        }
        JvmFlags flags = JvmFlags.ofThisProcess();
        Processor processor = Processor.read();
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(compiler(System.getProperty("java.vm.name", ""), System.getProperty("java.vm.info", ""), flags));
        findings.add(module(isVectorModulePresent()));
        findings.add(good("processor", processor.describe()));
        findings.add(instructions(processor, flags));
        findings.add(fusedMultiplyAdd(flags));
        if (isVectorModulePresent()) {
            findings.addAll(LanesExplained.findings(flags));
        }
        findings.add(threads(threads, Runtime.getRuntime().availableProcessors()));
        findings.add(heap(Runtime.getRuntime().maxMemory()));
        findings.add(collector(flags));
        findings.add(largePages(flags));
        findings.add(objectHeaders(flags));
        return new Explanation(findings);
    }

    /**
     * Tells whether the Vector API can be used.
     *
     * @return true if the module {@code jdk.incubator.vector} is in this JVM's module graph
     */
    public static boolean isVectorModulePresent() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private static Finding java() {
        String version = System.getProperty("java.vendor.version", System.getProperty("java.vendor", "unknown vendor"));
        String vm = System.getProperty("java.vm.version", "");
        boolean debug = vm.contains("debug");
        return warnIf(
                debug,
                "Java",
                Runtime.version() + ", " + version,
                "this is a debug build of the JVM; use a release build");
    }

    /** C2 is the only compiler that keeps vectors in registers; every other way to run boxes each of them. */
    static Finding compiler(String vmName, String vmInfo, JvmFlags flags) {
        String remedy = "vectors become objects and kernels run hundreds of times slower; ";
        if (vmInfo.contains("interpreted")) {
            return new Finding("compiler", "none", remedy + "start java without -Xint");
        }
        boolean other = flags.isOn("UseJVMCICompiler");
        boolean serverVm = vmName.contains("Server") || vmName.contains("HotSpot");
        boolean firstOnly = flags.number("TieredStopAtLevel", 4) < 4
                || flags.text("CompilationMode", "default").startsWith("quick");
        if (other) {
            return new Finding(
                    "compiler",
                    "JVMCI (Graal)",
                    "it may not know the Vector API; start java with " + "-XX:-UseJVMCICompiler to have C2");
        }
        if (!serverVm) {
            return new Finding("compiler", vmName + " has no C2", remedy + "use a JDK with the server VM");
        }
        if (firstOnly) {
            return new Finding(
                    "compiler", "C1 only", remedy + "start java without -XX:TieredStopAtLevel and -XX:CompilationMode");
        }
        boolean disabled = flags.isOff("EnableVectorSupport") && isVectorModulePresent();
        return warnIf(
                disabled,
                "compiler",
                "C2 (" + vmName + ")",
                "C2's support of vectors is off; start java without -XX:-EnableVectorSupport");
    }

    static Finding module(boolean present) {
        return warnIf(
                !present,
                "vector module",
                present ? "jdk.incubator.vector is present" : "jdk.incubator.vector is missing",
                "no kernel can run; start java with --add-modules jdk.incubator.vector");
    }

    static Finding instructions(Processor processor, JvmFlags flags) {
        String name = "instructions";
        if (processor.isX86()) {
            long level = flags.number("UseAVX", -1);
            String value =
                    level < 0 ? "unknown" : level == 0 ? "SSE" : level == 3 ? "AVX-512" : level == 2 ? "AVX2" : "AVX";
            if (level >= 0 && level < 3 && processor.has("avx512f")) {
                return new Finding(
                        name,
                        value + " (UseAVX=" + level + "); the processor has AVX-512",
                        "half of each vector register or more is unused; try -XX:UseAVX=3");
            }
            if (level >= 0 && level < 2 && processor.has("avx2")) {
                return new Finding(
                        name,
                        value + " (UseAVX=" + level + "); the processor has AVX2",
                        "vectors are narrower than they could be; start java without -XX:UseAVX");
            }
            return good(name, level < 0 ? value : value + " (UseAVX=" + level + ")");
        }
        long sve = flags.number("UseSVE", 0);
        return good(name, sve > 0 ? "SVE (UseSVE=" + sve + ")" : processor.isArm() ? "NEON" : "unknown");
    }

    static Finding fusedMultiplyAdd(JvmFlags flags) {
        boolean off = flags.isOff("UseFMA");
        return warnIf(
                off,
                "fused multiply-add",
                off ? "off (UseFMA)" : flags.isOn("UseFMA") ? "on" : "unknown",
                "it is computed in software, correct but thousands of times slower, and all products and "
                        + "convolutions consist of it; start java without -XX:-UseFMA, or use a processor that has it");
    }

    static Finding threads(int threads, int cores) {
        return warnIf(
                threads > cores,
                "threads",
                threads + " of " + cores + (cores == 1 ? " core" : " cores"),
                "threads that share a core wait for each other; use at most " + cores);
    }

    static Finding heap(long bytes) {
        return warnIf(
                bytes < SMALL_HEAP,
                "heap",
                "at most " + (bytes >> 20) + " MiB",
                "a convolutional network may not fit; start java with -Xmx2g or more");
    }

    private static Finding collector(JvmFlags flags) {
        String names = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
        String touch = flags.isOn("AlwaysPreTouch") ? "; heap touched at start (AlwaysPreTouch)" : "";
        return good("collector", names + touch);
    }

    private static Finding largePages(JvmFlags flags) {
        if (flags.isOn("UseTransparentHugePages")) {
            boolean never = Processor.transparentHugePages().equals("never");
            return warnIf(
                    never,
                    "large pages",
                    never ? "asked for, but the kernel has them off" : "transparent",
                    "write madvise to /sys/kernel/mm/transparent_hugepage/enabled");
        }
        if (flags.isOn("UseLargePages")) {
            return good("large pages", "on (UseLargePages)");
        }
        return good("large pages", "off; -XX:+UseTransparentHugePages may help large networks");
    }

    static Finding objectHeaders(JvmFlags flags) {
        boolean compact = flags.isOn("UseCompactObjectHeaders");
        return warnIf(
                compact,
                "object headers",
                compact
                        ? "compact (UseCompactObjectHeaders): array data starts at byte 12"
                        : "classic: array data starts at byte 16",
                "vectors straddle cache lines more often; start java with -XX:-UseCompactObjectHeaders");
    }
}
