package dev.lanewise.house;

import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The modules of the house and of what they need, found on the class path of the tests. */
final class Modules {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private Modules() {}

    /** Returns a path that holds the modules and nothing else. */
    static String path() {
        return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .filter(Modules::isOfTheHouse)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isOfTheHouse(String entry) {
        String name = entry.replace(File.separatorChar, '/');
        boolean built = name.contains("/kernels/target/") || name.contains("/nn/target/");
        return built && !name.contains("test-classes") || name.matches(".*/gson-[^/]*\\.jar");
    }

    static ModuleDescriptor descriptor(String name) {
        Path[] entries =
                Arrays.stream(path().split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
        return ModuleFinder.of(entries)
                .find(name)
                .map(ModuleReference::descriptor)
                .orElseThrow(() -> new AssertionError("no module " + name + " on " + path()));
    }
}
