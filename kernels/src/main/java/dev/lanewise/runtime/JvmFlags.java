package dev.lanewise.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Function;

/** The flags of a JVM, by name. A flag that the JVM does not have is neither on nor off. */
final class JvmFlags {
    private final Function<String, Optional<String>> lookup;

    /**
     * Flags from anywhere, so that tests can pretend to be another JVM.
     *
     * @param lookup the value of a flag by its name; empty where there is no such flag
     */
    JvmFlags(Function<String, Optional<String>> lookup) {
        this.lookup = lookup;
    }

    /** The flags of the JVM that runs this; none where it isn't HotSpot. */
    static JvmFlags ofThisProcess() {
        HotSpotDiagnosticMXBean bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (bean == null) {
            return new JvmFlags(name -> Optional.empty());
        }
        return new JvmFlags(name -> read(bean, name));
    }

    private static Optional<String> read(HotSpotDiagnosticMXBean bean, String name) {
        try {
            return Optional.of(bean.getVMOption(name).getValue());
        } catch (IllegalArgumentException noSuchFlag) {
            return Optional.empty();
        }
    }

    boolean isOn(String name) {
        return text(name, "").equals("true");
    }

    boolean isOff(String name) {
        return text(name, "").equals("false");
    }

    String text(String name, String otherwise) {
        return lookup.apply(name).orElse(otherwise);
    }

    long number(String name, long otherwise) {
        try {
            return Long.parseLong(text(name, ""));
        } catch (NumberFormatException absent) {
            return otherwise;
        }
    }
}
