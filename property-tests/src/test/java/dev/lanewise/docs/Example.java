package dev.lanewise.docs;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * An example of the documentation: imports, types, then statements, as a reader would paste them.
 *
 * @param source a compilation unit with a class {@code Example}
 */
record Example(String source) {
    /** Puts the statements of an example into a main method; imports and top-level types stay outside of it. */
    static Example of(String block) {
        StringBuilder imports = new StringBuilder();
        StringBuilder types = new StringBuilder();
        StringBuilder statements = new StringBuilder();
        boolean inType = false;
        for (String line : block.lines().toList()) {
            inType |= line.matches("(final class|record|enum|interface) .*");
            StringBuilder part = line.startsWith("import ") ? imports : inType ? types : statements;
            part.append(line).append('\n');
            inType &= !line.equals("}");
        }
        return new Example(imports + types.toString() + "public final class Example {\n"
                + "public static void main(String[] args) throws Exception {\n" + statements + "}\n}\n");
    }

    /** Compiles the example into a folder and runs it; what goes wrong is an assertion error that shows the source. */
    void run(Path folder) throws IOException, ReflectiveOperationException {
        compile(folder);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException thrown) {
            throw new AssertionError(thrown.getCause() + " from\n" + source, thrown.getCause());
        }
    }

    private void compile(Path folder) throws IOException {
        Path file = Files.createDirectories(folder).resolve("Example.java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        // Surefire hides the class path in a manifest, and says it here.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of("-d", folder.toString(), "-cp", classPath, "-proc:none");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            if (!compiled) {
                throw new AssertionError(messages + "in\n" + source);
            }
        }
    }
}
