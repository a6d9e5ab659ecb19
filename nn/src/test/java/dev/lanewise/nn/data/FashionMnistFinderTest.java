package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.io.FileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistFinderTest {
    @TempDir
    private Path folder;

    @Test
    void looksInTheOrderThatIsDocumented() throws IOException {
        Path system = folder.resolve("system");
        Path cache = folder.resolve("cache");
        FashionMnistFinder finder =
                FashionMnistFinder.standard().environment(Map.of()).places(system, cache);
        assertThrows(FileException.class, finder::find);

        IdxSource fallback = IdxSource.folder(IdxBytes.fashionMnist(folder.resolve("fallback"), 1, 1));
        assertSource(fallback.description(), finder.fallback(fallback));
        IdxBytes.fashionMnist(cache, 2, 1);
        assertSource(cache.toString(), finder.fallback(fallback));
        IdxBytes.fashionMnist(system, 3, 1);
        assertSource(system.toString(), finder.fallback(fallback));
        Path variable = IdxBytes.fashionMnist(folder.resolve("variable"), 4, 1);
        finder = finder.environment(Map.of("LANEWISE_DATA", variable.toString()));
        assertSource(variable.toString(), finder.fallback(fallback));
        Path named = IdxBytes.fashionMnist(folder.resolve("named"), 5, 1);
        assertSource(named.toString(), finder.fallback(fallback).folder(named));
    }

    @Test
    void downloadsWhenAskedAndNothingIsThere() throws IOException {
        Path server = IdxBytes.fashionMnist(folder.resolve("server"), 3, 2);
        Path empty = folder.resolve("empty");
        FashionMnistFinder finder = FashionMnistFinder.standard()
                .environment(Map.of())
                .places(empty, folder.resolve("cache"))
                .downloadFrom(server.toUri(), (file, bytes, total) -> {});
        String message = assertThrows(FileException.class, finder::find).getMessage();
        assertTrue(message.contains("SHA-256"), message);
        try (var left = Files.list(folder.resolve("cache"))) {
            assertEquals(0, left.count(), "nothing that failed the check may stay");
        }
    }

    @Test
    void readsImagesLabelsAndClasses() throws IOException {
        FashionMnist data = FashionMnist.read(IdxSource.folder(IdxBytes.fashionMnist(folder, 12, 3)));
        assertEquals(12, data.training().size());
        assertEquals(3, data.test().size());
        assertEquals(
                List.of(28, 28, 1), List.of(28, 28, data.test().inputShape().extent(2)));
        assertEquals(1, data.training().label(11));
        assertEquals("Ankle boot", data.training().classes().get(9));
        assertEquals((byte) (785 % 251), data.training().image(1)[1]);
    }

    @Test
    void aNamedFolderMustHaveIt() {
        FashionMnistFinder finder = FashionMnistFinder.standard().folder(folder.resolve("none"));
        String message = assertThrows(FileException.class, finder::find).getMessage();
        assertEquals(
                folder.resolve("none").resolve("train-images-idx3-ubyte.gz")
                        + ": no such file; expected one of the four of Fashion-MNIST",
                message);
    }

    @Test
    void aVariableThatNamesNothingIsNoted() throws IOException {
        Path system = IdxBytes.fashionMnist(folder.resolve("system"), 2, 1);
        FashionMnistFinder.Result result = FashionMnistFinder.standard()
                .environment(Map.of("LANEWISE_DATA", folder.resolve("none").toString()))
                .places(system, folder.resolve("cache"))
                .find();
        assertEquals(system.toString(), result.data().source());
        assertEquals(
                List.of("LANEWISE_DATA names " + folder.resolve("none") + ", where Fashion-MNIST is not"),
                result.notes());
    }

    @Test
    void aFolderWithSomeOfTheFilesIsAnError() throws IOException {
        Path system = IdxBytes.fashionMnist(folder.resolve("system"), 2, 1);
        Files.delete(system.resolve("t10k-labels-idx1-ubyte"));
        FashionMnistFinder finder =
                FashionMnistFinder.standard().environment(Map.of()).places(system, folder.resolve("cache"));
        String message = assertThrows(FileException.class, finder::find).getMessage();
        assertTrue(message.startsWith(system.resolve("t10k-labels-idx1-ubyte.gz") + ": no such file"), message);
    }

    @Test
    void imagesAndLabelsThatDisagreeInNumberAreAnErrorThatNamesBoth() throws IOException {
        IdxBytes.fashionMnist(folder, 5, 2);
        Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxBytes.gzip(IdxBytes.idx(10, 4)));
        assertEquals(
                folder.resolve("train-images-idx3-ubyte.gz") + ": has 5 images, but "
                        + folder.resolve("train-labels-idx1-ubyte.gz")
                        + " has 4 labels; expected as many of one as of the other",
                failure());
    }

    @Test
    void labelsAndSizesThatCannotBeAreErrors() throws IOException {
        IdxBytes.fashionMnist(folder, 11, 2);
        Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxBytes.idx(11, 11));
        assertEquals(folder.resolve("train-labels-idx1-ubyte.gz") + ": label 10 is 10; expected 0 to 9", failure());
        Files.write(folder.resolve("train-images-idx3-ubyte.gz"), IdxBytes.idx(11, 11, 32, 28));
        assertEquals(
                folder.resolve("train-images-idx3-ubyte.gz") + ": its images are 32x28; expected 28x28", failure());
    }

    @Test
    void theCacheFolderIsWhereTheSystemKeepsSuchThings() {
        Path home = folder.toAbsolutePath();
        assertEquals(home.resolve(".cache/lanewise"), CacheFolder.of(Map.of(), "Linux", home.toString()));
        assertEquals(home.resolve("Library/Caches/lanewise"), CacheFolder.of(Map.of(), "Mac OS X", home.toString()));
        Map<String, String> xdg = Map.of("XDG_CACHE_HOME", home.resolve("xdg").toString());
        assertEquals(home.resolve("xdg/lanewise"), CacheFolder.of(xdg, "Linux", "/home/other"));
        Map<String, String> relative = Map.of("XDG_CACHE_HOME", "xdg");
        assertEquals(home.resolve(".cache/lanewise"), CacheFolder.of(relative, "Linux", home.toString()));
    }

    private String failure() {
        return assertThrows(FileException.class, () -> FashionMnist.read(IdxSource.folder(folder)))
                .getMessage();
    }

    private static void assertSource(String expected, FashionMnistFinder finder) throws IOException {
        assertEquals(expected, finder.find().data().source());
    }
}
