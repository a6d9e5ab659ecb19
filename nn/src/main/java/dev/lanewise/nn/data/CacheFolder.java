package dev.lanewise.nn.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where this system keeps what can be fetched again. */
final class CacheFolder {
    private CacheFolder() {}

    /**
     * Returns Lanewise's folder in the user's cache: of {@code XDG_CACHE_HOME} if it is an absolute path (the XDG Base
     * Directory Specification says to ignore others), else where the system's convention puts it.
     */
    static Path of(Map<String, String> environment, String system, String home) {
        String xdg = environment.get("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank() && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "lanewise");
        }
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return Path.of(home, "Library", "Caches", "lanewise");
        }
        String local = environment.get("LOCALAPPDATA");
        if (name.startsWith("windows") && local != null && !local.isBlank()) {
            return Path.of(local, "lanewise", "cache");
        }
        return Path.of(home, ".cache", "lanewise");
    }
}
