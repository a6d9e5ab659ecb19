package dev.lanewise.nn.data;

import dev.lanewise.nn.io.FileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Looks for Fashion-MNIST, in this order: a folder that the user named; the folder in the environment's
 * {@code LANEWISE_DATA}; {@value #SYSTEM_FOLDER}; the user's cache folder; if asked, its public address; a fallback that
 * the program brings along. Immutable: each method returns a changed finder.
 *
 * <p>A folder that was named must have it. {@code LANEWISE_DATA} may lack it; {@link Result#notes} says so then. A folder
 * with some of the four files and not the others is an error wherever it is met.
 */
public final class FashionMnistFinder {
    /** Where Debian's package dataset-fashion-mnist puts it. */
    public static final String SYSTEM_FOLDER = "/usr/share/datasets/fashion-mnist";

    /** The variable of the environment that names a folder. */
    public static final String VARIABLE = "LANEWISE_DATA";

    private final Path folder;
    private final Map<String, String> environment;
    private final Path systemFolder;
    private final Path cacheFolder;
    private final FashionMnistDownload download;
    private final IdxSource fallback;

    /**
     * What was found.
     *
     * @param data the images; {@link FashionMnist#source} says where they came from
     * @param notes remarks for the user, one line each; mostly none
     */
    public record Result(FashionMnist data, List<String> notes) {}

    private FashionMnistFinder(
            Path folder,
            Map<String, String> environment,
            Path systemFolder,
            Path cacheFolder,
            FashionMnistDownload download,
            IdxSource fallback) {
        this.folder = folder;
        this.environment = environment;
        this.systemFolder = systemFolder;
        this.cacheFolder = cacheFolder;
        this.download = download;
        this.fallback = fallback;
    }

    /**
     * Returns a finder that looks where this machine's environment says, downloads nothing and has no fallback.
     *
     * @return the finder
     */
    public static FashionMnistFinder standard() {
        Map<String, String> environment = System.getenv();
        Path cache = CacheFolder.of(environment, System.getProperty("os.name"), System.getProperty("user.home"));
        return new FashionMnistFinder(
                null, environment, Path.of(SYSTEM_FOLDER), cache.resolve("fashion-mnist"), null, null);
    }

    /**
     * Looks in a folder and nowhere else.
     *
     * @param named the folder that the user named; null for none
     * @return the changed finder
     */
    public FashionMnistFinder folder(Path named) {
        return new FashionMnistFinder(named, environment, systemFolder, cacheFolder, download, fallback);
    }

    /**
     * Looks at other variables of the environment.
     *
     * @param variables the variables
     * @return the changed finder
     */
    public FashionMnistFinder environment(Map<String, String> variables) {
        return new FashionMnistFinder(folder, Map.copyOf(variables), systemFolder, cacheFolder, download, fallback);
    }

    /**
     * Looks in other places of the machine.
     *
     * @param system instead of {@value #SYSTEM_FOLDER}
     * @param cache instead of the user's cache folder; downloads go here
     * @return the changed finder
     */
    public FashionMnistFinder places(Path system, Path cache) {
        return new FashionMnistFinder(folder, environment, system, cache, download, fallback);
    }

    /**
     * Downloads the files to the user's cache folder if they are found nowhere.
     *
     * @param progress hears how far it is
     * @return the changed finder
     */
    public FashionMnistFinder download(FashionMnistDownload.Progress progress) {
        return downloadFrom(FashionMnistDownload.ADDRESS, progress);
    }

    /**
     * Downloads the files to the user's cache folder if they are found nowhere.
     *
     * @param address the address of the folder, ending in a slash
     * @param progress hears how far it is
     * @return the changed finder
     */
    public FashionMnistFinder downloadFrom(URI address, FashionMnistDownload.Progress progress) {
        FashionMnistDownload from = new FashionMnistDownload(address, progress);
        return new FashionMnistFinder(folder, environment, systemFolder, cacheFolder, from, fallback);
    }

    /**
     * Takes images that the program brings along if there are none elsewhere.
     *
     * @param source the images
     * @return the changed finder
     */
    public FashionMnistFinder fallback(IdxSource source) {
        return new FashionMnistFinder(folder, environment, systemFolder, cacheFolder, download, source);
    }

    /**
     * Looks and reads.
     *
     * @return the images, on the scale from 0 to 1, and remarks
     * @throws FileException if they are nowhere, or a folder has only some of the files or a bad one
     */
    public Result find() throws IOException {
        List<String> notes = new ArrayList<>();
        if (folder != null) {
            return new Result(FashionMnist.read(IdxSource.folder(folder)), notes);
        }
        for (Path place : places(notes)) {
            IdxSource source = IdxSource.folder(place);
            if (FashionMnist.isIn(source)) {
                return new Result(FashionMnist.read(source), notes);
            }
        }
        if (download != null) {
            download.to(cacheFolder);
            return new Result(FashionMnist.read(IdxSource.folder(cacheFolder)), notes);
        }
        if (fallback != null) {
            return new Result(FashionMnist.read(fallback), notes);
        }
        throw new FileException(
                "Fashion-MNIST",
                "is neither in " + VARIABLE + " (" + environment.getOrDefault(VARIABLE, "not set") + ") nor "
                        + systemFolder + " nor " + cacheFolder
                        + "; expected its four IDX files in one of them, or leave to download them");
    }

    private List<Path> places(List<String> notes) throws IOException {
        List<Path> places = new ArrayList<>();
        String named = environment.get(VARIABLE);
        if (named != null && !named.isBlank()) {
            Path place = Path.of(named);
            if (!FashionMnist.isIn(IdxSource.folder(place))) {
                notes.add(VARIABLE + " names " + place + ", where Fashion-MNIST is not");
            }
            places.add(place);
        }
        places.add(systemFolder);
        places.add(cacheFolder);
        return places;
    }
}
