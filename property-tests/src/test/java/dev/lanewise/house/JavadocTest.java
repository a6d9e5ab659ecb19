package dev.lanewise.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every public type and method of the two libraries is documented: javadoc has nothing to complain of. */
class JavadocTest {
    @TempDir
    Path folder;

    /** Runs javadoc; returns its complaints, but for the one about the Vector API, which nothing turns off. */
    private List<String> complaints(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "-quiet",
                "-Xdoclint:all",
                "--add-modules",
                "jdk.incubator.vector",
                "-d",
                folder.resolve("site").toString()));
        all.addAll(List.of(arguments));
        StringWriter messages = new StringWriter();
        PrintWriter to = new PrintWriter(messages, true);
        ToolProvider.findFirst("javadoc").orElseThrow().run(to, to, all.toArray(new String[0]));
        return messages.toString()
                .lines()
                .filter(line -> line.contains("warning:") || line.contains("error:"))
                .filter(line -> !line.contains("[incubating]"))
                .toList();
    }

    @Test
    void bothLibrariesAreDocumented() {
        List<String> complaints = complaints(
                "--module-path",
                Modules.path(),
                "--module-source-path",
                "dev.lanewise.kernels=../kernels/src/main/java",
                "--module-source-path",
                "dev.lanewise.nn=../nn/src/main/java",
                "--patch-module",
                "dev.lanewise.kernels=../kernels/target/classes",
                "--module",
                "dev.lanewise.kernels,dev.lanewise.nn");
        assertEquals(List.of(), complaints);
        assertTrue(Files.exists(folder.resolve("site/dev.lanewise.nn/dev/lanewise/nn/Layer.html")));
    }

    @Test
    void aMissingCommentIsNoticed() throws IOException {
        Path file = folder.resolve("Silent.java");
        Files.writeString(file, "/** A class. */ public class Silent { public void method() {} }");
        assertFalse(complaints(file.toString()).isEmpty());
    }
}
