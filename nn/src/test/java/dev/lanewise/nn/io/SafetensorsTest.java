package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private static final String TWO = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]}}";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void before() {
        file = folder.resolve("a.safetensors");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        float[] special = {0f, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE};
        tensors.put("z", Tensor.of(special, 2, 3));
        tensors.put("empty", Tensor.zeros(0, 5));
        tensors.put("scalar \"\u00e4\"", Tensor.wrap(new float[] {1, 2, 3}, 1, Shape.of()));
        tensors.put("large", Tensor.zeros(3, 50_001));
        tensors.get("large").set(7, 2, 50_000);
        Map<String, String> metadata = Map.of("name", "line\nbreak \u2028 <html> \"quoted\"", "", "empty");
        new Safetensors(metadata, tensors).write(file);

        Safetensors read = Safetensors.read(file);
        assertEquals(metadata, read.metadata());
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.tensors().keySet()));
        tensors.forEach((name, tensor) -> {
            assertEquals(tensor.shape(), read.tensors().get(name).shape());
            assertArrayEquals(tensor.toArray(), read.tensors().get(name).toArray());
        });
        assertEquals(
                0,
                ByteBuffer.wrap(Files.readAllBytes(file))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong()
                        % 8);
    }

    @Test
    void nothingAtAllIsAFile() throws IOException {
        new Safetensors(Map.of(), Map.of()).write(file);
        assertEquals(new Safetensors(Map.of(), Map.of()), Safetensors.read(file));
    }

    @Test
    void readsTensorsInAnyOrderOfTheHeader() throws IOException {
        write(
                "{\"b\":{\"data_offsets\":[8,12],\"shape\":[1],\"dtype\":\"F32\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}   ",
                12);
        assertEquals(
                List.of("a", "b"), List.copyOf(Safetensors.read(file).tensors().keySet()));
    }

    @Test
    void everyTruncationIsAnError() throws IOException {
        write(TWO, 12);
        byte[] bytes = Files.readAllBytes(file);
        Safetensors.read(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            String message = failure();
            assertTrue(message.contains("expected"), message);
        }
    }

    @Test
    void anotherFormatIsAnError() throws IOException {
        Files.write(file, new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13});
        assertTrue(failure().contains("expected a safetensors file"));
        Files.writeString(file, "It was a dark and stormy night; the rain fell in torrents.");
        assertTrue(failure().contains("expected a safetensors file"));
        write("[1, 2]", 0);
        assertTrue(failure().contains("expected a safetensors file"));
        assertTrue(assertThrows(FileException.class, () -> Safetensors.read(folder))
                .getMessage()
                .contains("expected a safetensors file"));
        assertEquals(
                folder.resolve("no") + ": can't be read; expected a safetensors file: no such file",
                assertThrows(FileException.class, () -> Safetensors.read(folder.resolve("no")))
                        .getMessage());
    }

    @Test
    void aHeaderLongerThanTheFileIsNotReserved() throws IOException {
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(99_999_999)
                        .array());
        assertTrue(failure().contains("its header has 99999999 bytes, the file has 16"));
        Files.write(file, ByteBuffer.allocate(16).putLong(-1).array());
        assertTrue(failure().contains("18446744073709551615"));
    }

    @Test
    void headersThatAreWrongAreErrors() throws IOException {
        assertWrong("names a twice", TWO.replace("\"b\"", "\"a\""), 12);
        assertWrong("type BF16; only F32", TWO.replace("F32", "BF16"), 12);
        assertWrong("begins at byte 4 of the data; expected 8", TWO.replace("[8,12]", "[4,8]"), 12);
        assertWrong("begins at byte 12 of the data; expected 8", TWO.replace("[8,12]", "[12,16]"), 16);
        assertWrong("it needs 8 bytes", TWO.replace("[0,8]", "[0,4]"), 12);
        assertWrong("it needs 8 bytes", TWO.replace("[0,8]", "[8,0]"), 12);
        assertWrong("truncated", TWO, 11);
        assertWrong("goes on after its last tensor", TWO, 13);
        assertWrong("-1", TWO.replace("[2]", "[-1]"), 12);
        assertWrong("unknown property", TWO.replace("\"dtype\"", "\"type\""), 12);
        assertWrong("lacks its dtype", TWO.replace("\"dtype\":\"F32\",", ""), 12);
        assertWrong("is no number", TWO.replace("[2]", "[\"2\"]"), 12);
        assertWrong("exceed", TWO.replace("[2]", "[65536,65536]"), 12);
        assertWrong("tensor a", TWO.replace("[0,8]", "[0,8,8]"), 12);
        assertWrong("JSON", TWO + "{}", 12);
        assertWrong("JSON", TWO.replace("\"a\"", "a"), 12);
        assertWrong("JSON", TWO.substring(0, TWO.length() - 1), 12);
        assertWrong("metadata k is no string", "{\"__metadata__\":{\"k\":1}}", 0);
        assertWrong("expected", "{\"__metadata__\":[]}", 0);
        assertWrong("expected", "{\"a\":null}", 0);
    }

    @Test
    void bytesThatAreNoUtf8AreAnError() throws IOException {
        byte[] header = "{\"?\":1}".getBytes(StandardCharsets.US_ASCII);
        header[2] = (byte) 0xFF;
        write(header, 0);
        assertTrue(failure().contains("no JSON text"));
    }

    @Test
    void aTensorCannotTakeTheNameOfTheMetadata() {
        Safetensors wrong = new Safetensors(Map.of(), Map.of("__metadata__", Tensor.zeros(1)));
        assertThrows(IllegalArgumentException.class, () -> wrong.write(file));
        assertFalse(Files.exists(file));
    }

    private void assertWrong(String part, String header, int dataBytes) throws IOException {
        write(header, dataBytes);
        String message = failure();
        assertTrue(message.contains(part), part + " is not in " + message);
    }

    private String failure() {
        String message =
                assertThrows(FileException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private void write(String header, int dataBytes) throws IOException {
        write(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private void write(byte[] header, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(header.length).put(header).array());
    }
}
