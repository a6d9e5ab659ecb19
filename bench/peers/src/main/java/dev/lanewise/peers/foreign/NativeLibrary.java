package dev.lanewise.peers.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** A native library that comes in a jar: unpacked once to the folder for temporary files, and called without JNI. */
public final class NativeLibrary {
    private final Path folder;
    private final SymbolLookup symbols;

    private NativeLibrary(Path folder, SymbolLookup symbols) {
        this.folder = folder;
        this.symbols = symbols;
    }

    /**
     * Loads a library.
     *
     * @param resources the folder within the jar
     * @param file the library's file; all others of the folder are unpacked with it
     * @return the library
     */
    public static NativeLibrary load(String resources, String file) {
        try {
            Path folder = unpack(resources, file);
            return new NativeLibrary(folder, SymbolLookup.libraryLookup(folder.resolve(file), Arena.global()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Loads another library of the same folder.
     *
     * @param file the library's file
     * @return the library
     */
    public NativeLibrary sibling(String file) {
        return new NativeLibrary(folder, SymbolLookup.libraryLookup(folder.resolve(file), Arena.global()));
    }

    private static Path unpack(String resources, String file) throws IOException {
        URL url = Objects.requireNonNull(
                NativeLibrary.class.getResource("/" + resources + "/" + file), resources + "/" + file + " is missing");
        try (JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile()) {
            String version = Path.of(jar.getName()).getFileName().toString().replace(".jar", "");
            Path folder = Path.of(System.getProperty("java.io.tmpdir"), "lanewise-peers", version);
            if (Files.exists(folder.resolve("complete"))) {
                return folder;
            }
            Files.createDirectories(folder);
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith(resources + "/lib") && name.contains(".so")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        Path target = folder.resolve(name.substring(resources.length() + 1));
                        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            Files.createFile(folder.resolve("complete"));
            return folder;
        }
    }

    /**
     * Returns a function of the library.
     *
     * @param name its name
     * @param descriptor its arguments and result
     * @return what calls it
     */
    public MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
    }
}
