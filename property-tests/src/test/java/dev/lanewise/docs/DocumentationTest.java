package dev.lanewise.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs every Java example of the documentation, and follows its links. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @TempDir
    Path folder;

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @TestFactory
    List<DynamicTest> examplesRun() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            Matcher block = JAVA_BLOCK.matcher(Files.readString(page));
            for (int i = 0; block.find(); i++) {
                String code = block.group(1);
                Path target = folder.resolve(page.getFileName() + "-" + i);
                tests.add(DynamicTest.dynamicTest(
                        page.getFileName() + " " + i, () -> Example.of(code).run(target)));
            }
        }
        assertFalse(tests.isEmpty(), "no example was found");
        return tests;
    }

    @Test
    void linksLeadToFiles() throws IOException {
        int links = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                Path target = page.resolveSibling(link.group(1));
                assertTrue(Files.exists(target), page + " links to " + link.group(1));
                links++;
            }
        }
        assertTrue(links > 5, "only " + links + " links were found");
    }

    @Test
    void readmeNamesThePresentVersion() throws IOException {
        Matcher version = Pattern.compile("<artifactId>lanewise</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertTrue(version.find());
        Matcher named = Pattern.compile("<artifactId>lanewise-nn</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertTrue(named.find(), "the README does not say how to depend on lanewise-nn");
        assertEquals(version.group(1), named.group(1));
    }

    /** The checks can fail. */
    @Test
    void brokenExamplesAreCaught() {
        Example misspelt = Example.of("import dev.lanewise.tensor.Tensor;\nTensor.zeroes(2, 3);\n");
        AssertionError error = assertThrows(AssertionError.class, () -> misspelt.run(folder.resolve("misspelt")));
        assertTrue(error.getMessage().contains("zeroes"), error.getMessage());
        Example throwing = Example.of("import dev.lanewise.tensor.Tensor;\nTensor.zeros(2, 3).get(2, 0);\n");
        assertThrows(AssertionError.class, () -> throwing.run(folder.resolve("throwing")));
    }
}
