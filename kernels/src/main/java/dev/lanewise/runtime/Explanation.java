package dev.lanewise.runtime;

import java.util.List;
import java.util.Objects;

/**
 * What runs and why: a list of findings about the JVM and the processor, each with a warning where it costs speed.
 *
 * @param findings the findings, most important first
 */
public record Explanation(List<Finding> findings) {
    /** Copies the list. */
    public Explanation {
        findings = List.copyOf(findings);
    }

    /**
     * One fact about this process.
     *
     * @param name what it is about, such as {@code vector width}
     * @param value what was found, in words
     * @param warning why it makes kernels slow and what to do about it, in one sentence; null where all is well
     */
    public record Finding(String name, String value, String warning) {
        /** Checks that there is a name and a value. */
        public Finding {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }

        static Finding good(String name, String value) {
            return new Finding(name, value, null);
        }

        static Finding warnIf(boolean bad, String name, String value, String warning) {
            return new Finding(name, value, bad ? warning : null);
        }
    }

    /**
     * Returns the findings that make kernels slow.
     *
     * @return the findings that have a warning; empty where all is well
     */
    public List<Finding> warnings() {
        return findings.stream().filter(finding -> finding.warning() != null).toList();
    }
}
