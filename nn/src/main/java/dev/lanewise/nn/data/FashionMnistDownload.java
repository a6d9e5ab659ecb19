package dev.lanewise.nn.data;

import dev.lanewise.nn.io.AtomicFile;
import dev.lanewise.nn.io.FileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Fetches the four files of Fashion-MNIST from their public address. */
public final class FashionMnistDownload {
    /** The public address, as given by the authors at github.com/zalandoresearch/fashion-mnist. */
    public static final URI ADDRESS = URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    /**
     * SHA-256 of the files once unpacked. Not of the packed ones, because those exist with different gzip headers: the
     * ones at the public address name the file within and its date, the ones in Debian's package do not. Their contents
     * are the same, byte for byte.
     */
    static final Map<String, String> SHA_256 = Map.of(
            FashionMnist.TRAINING_IMAGES, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            FashionMnist.TRAINING_LABELS, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            FashionMnist.TEST_IMAGES, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            FashionMnist.TEST_LABELS, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

    /** The largest file has 26 MB packed and 47 MB unpacked; a server that sends more sends something else. */
    private static final int PACKED_LIMIT = 32 << 20;

    private static final int UNPACKED_LIMIT = 64 << 20;
    private static final int CONNECT_MILLIS = 15_000;
    private static final int READ_MILLIS = 30_000;

    private final URI address;
    private final Map<String, String> digests;
    private final Progress progress;

    /** Hears how far a download is. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called when a file begins, and again whenever more of it has come.
         *
         * @param file the file, such as {@code train-images-idx3-ubyte.gz}
         * @param bytes how many have come
         * @param total how many there are; -1 if the server doesn't say
         */
        void received(String file, long bytes, long total);
    }

    /**
     * Creates a download.
     *
     * @param address the address of the folder, ending in a slash
     * @param progress hears how far it is
     */
    public FashionMnistDownload(URI address, Progress progress) {
        this(address, progress, SHA_256);
    }

    FashionMnistDownload(URI address, Progress progress, Map<String, String> digests) {
        this.address = address;
        this.progress = progress;
        this.digests = digests;
    }

    /**
     * Downloads the files that a folder does not have yet.
     *
     * @param folder the folder; created if it is missing
     * @throws FileException if the folder can't be written to, the server can't be reached or refuses, or what it sends
     *     is not the file expected; no file of a wrong content is left behind
     */
    public void to(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw FileException.of(folder, "can't be created", e);
        }
        for (String file : FashionMnist.FILES) {
            Path target = folder.resolve(file + ".gz");
            if (!Files.exists(target)) {
                byte[] packed = fetch(file + ".gz");
                check(file, packed);
                AtomicFile.write(target, channel -> channel.write(ByteBuffer.wrap(packed)));
            }
        }
    }

    private byte[] fetch(String name) throws IOException {
        URI from = address.resolve(name);
        try {
            URLConnection connection = from.toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            if (connection instanceof HttpURLConnection http && http.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new FileException(
                        from.toString(),
                        "the server answered " + http.getResponseCode() + "; expected 200 and the file");
            }
            try (InputStream in = connection.getInputStream()) {
                return receive(name, from, in, connection.getContentLengthLong());
            }
        } catch (FileException e) {
            throw e;
        } catch (IOException e) {
            throw new FileException(
                    from.toString(), "can't be downloaded (" + e + "); expected a server that can be reached", e);
        }
    }

    private byte[] receive(String name, URI from, InputStream in, long total) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream(1 << 20);
        byte[] buffer = new byte[1 << 16];
        progress.received(name, 0, total);
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            received.write(buffer, 0, count);
            if (received.size() > PACKED_LIMIT) {
                throw new FileException(from.toString(), "is longer than " + PACKED_LIMIT + " bytes; expected " + name);
            }
            progress.received(name, received.size(), total);
        }
        return received.toByteArray();
    }

    private void check(String file, byte[] packed) throws IOException {
        String expected = digests.get(file);
        String actual;
        try {
            actual = unpackedDigest(packed);
        } catch (IOException e) {
            actual = "of something that is no gzip file (" + FileException.reason(e) + ")";
        }
        if (!actual.equals(expected)) {
            throw new FileException(
                    address.resolve(file + ".gz").toString(),
                    "SHA-256 of its unpacked content is " + actual + "; expected " + expected);
        }
    }

    private static String unpackedDigest(byte[] packed) throws IOException {
        try (DigestInputStream in = new DigestInputStream(
                new GZIPInputStream(new ByteArrayInputStream(packed), 1 << 16), MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[1 << 16];
            int length = 0;
            for (int count = in.read(buffer); count >= 0 && length <= UNPACKED_LIMIT; count = in.read(buffer)) {
                length += count;
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }
}
