package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.nn.io.FileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistDownloadTest {
    @TempDir
    private Path folder;

    private final Map<String, byte[]> served = new LinkedHashMap<>();
    private final Map<String, String> digests = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private ServerSocket server;
    private Thread answering;
    private int cutAfter = Integer.MAX_VALUE;

    @BeforeEach
    void serve() throws Exception {
        for (String file : FashionMnist.FILES) {
            byte[] plain = file.contains("images") ? IdxBytes.idx(251, 10, 28, 28) : IdxBytes.idx(10, 10);
            served.put("/data/" + file + ".gz", IdxBytes.gzip(plain));
            digests.put(
                    file,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(plain)));
        }
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        answering = new Thread(this::answer);
        answering.setDaemon(true);
        answering.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void fetchesWhatIsMissingAndTellsHowFarItIs() throws IOException {
        List<String> heard = new ArrayList<>();
        Path target = folder.resolve("cache/fashion-mnist");
        download((file, bytes, total) -> heard.add(file + " " + bytes + "/" + total))
                .to(target);
        assertEquals(10, FashionMnist.read(IdxSource.folder(target)).training().size());
        assertEquals(4, asked.size());
        int size = served.get("/data/train-labels-idx1-ubyte.gz").length;
        assertTrue(heard.contains("train-labels-idx1-ubyte.gz 0/" + size), heard.toString());
        assertTrue(heard.contains("train-labels-idx1-ubyte.gz " + size + "/" + size), heard.toString());

        Files.delete(target.resolve("t10k-images-idx3-ubyte.gz"));
        download((file, bytes, total) -> {}).to(target);
        assertEquals("/data/t10k-images-idx3-ubyte.gz", asked.get(4));
        assertEquals(5, asked.size());
    }

    @Test
    void refusesWhatDoesNotHaveTheDigest() throws IOException {
        String first = "/data/train-images-idx3-ubyte.gz";
        for (byte[] wrong : List.of(IdxBytes.gzip(new byte[100]), new byte[100], new byte[0])) {
            served.put(first, wrong);
            String message = failure();
            assertTrue(message.startsWith(address().resolve("train-images-idx3-ubyte.gz") + ": SHA-256"), message);
            assertTrue(message.contains("expected " + digests.get("train-images-idx3-ubyte")), message);
            assertNothingIn(folder);
        }
    }

    @Test
    void aConnectionThatBreaksLeavesNothing() throws IOException {
        cutAfter = 50;
        String message = failure();
        assertTrue(message.contains("train-images-idx3-ubyte.gz"), message);
        assertNothingIn(folder);
    }

    @Test
    void aServerThatRefusesIsAnErrorThatSaysSo() throws IOException, InterruptedException {
        served.clear();
        assertEquals(
                address().resolve("train-images-idx3-ubyte.gz")
                        + ": the server answered 404; expected 200 and the file",
                failure());
        server.close();
        // Until its thread has left accept, the port may answer once more.
        answering.join(10_000);
        String message = failure();
        assertTrue(message.contains("can't be downloaded") && message.contains("expected a server"), message);
        assertNothingIn(folder);
    }

    @Test
    void theDigestsAreThoseOfDebiansPackage() throws Exception {
        Path system = Path.of(FashionMnistFinder.SYSTEM_FOLDER);
        for (String file : FashionMnist.FILES) {
            Path packed = system.resolve(file + ".gz");
            assumeTrue(Files.exists(packed), "the package dataset-fashion-mnist is not installed");
            try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                assertArrayEquals(HexFormat.of().parseHex(FashionMnistDownload.SHA_256.get(file)), digest);
            }
        }
    }

    private FashionMnistDownload download(FashionMnistDownload.Progress progress) {
        return new FashionMnistDownload(address(), progress, digests);
    }

    private String failure() {
        return assertThrows(
                        FileException.class,
                        () -> download((file, bytes, total) -> {}).to(folder))
                .getMessage();
    }

    private static void assertNothingIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            assertFalse(files.findAny().isPresent());
        }
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/data/");
    }

    private void answer() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    OutputStream out = socket.getOutputStream()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String path = in.readLine().split(" ")[1];
                while (!in.readLine().isEmpty()) {
                    continue;
                }
                asked.add(path);
                byte[] body = served.get(path);
                String status = body == null ? "404 Not Found" : "200 OK";
                byte[] content = body == null ? new byte[0] : body;
                String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + content.length;
                out.write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(content, 0, Math.min(content.length, cutAfter));
            } catch (IOException e) {
                // The client went away, or the test is over.
            }
        }
    }
}
