package dev.lanewise.bench.cli;

import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.FashionMnistFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say where the images come from. */
final class DataOptions {
    private static final String EMBEDDED = "embedded";

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DIR|embedded",
            description = {
                "folder with the four IDX files of Fashion-MNIST, gzip or not, or \"embedded\" for the subset of "
                        + "10,000 training and 2,000 test images that lanewise brings along",
                "default: looked for in $LANEWISE_DATA, in /usr/share/datasets/fashion-mnist and in the user's "
                        + "cache folder; if it is in none of them, the embedded subset"
            })
    private Path data;

    @Option(
            names = "--download",
            description = "download Fashion-MNIST (30 MB) to the user's cache folder if it isn't on this machine")
    private boolean download;

    /**
     * Finds and reads the images, and says what it does meanwhile.
     *
     * @param before where they came from in the training that goes on, looked at first unless --data says otherwise; null
     *     if none goes on
     */
    FashionMnist read(Console console, String before) throws IOException {
        EmbeddedImages embedded = new EmbeddedImages();
        boolean askedFor = data != null && data.toString().equals(EMBEDDED);
        if (askedFor || data == null && embedded.description().equals(before)) {
            return FashionMnist.read(embedded);
        }
        Path folder = data == null && before != null && Files.isDirectory(Path.of(before)) ? Path.of(before) : data;
        FashionMnistFinder finder = FashionMnistFinder.standard().folder(folder).fallback(embedded);
        DownloadDisplay display = new DownloadDisplay(console);
        FashionMnistFinder.Result result = (download ? finder.download(display::received) : finder).find();
        display.close();
        result.notes().forEach(console::warn);
        return result.data();
    }
}
