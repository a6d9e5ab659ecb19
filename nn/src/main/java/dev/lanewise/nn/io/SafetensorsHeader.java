package dev.lanewise.nn.io;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked: every entry has the bytes that its shape needs, and the entries cover the
 * data without gap or overlap.
 */
record SafetensorsHeader(long dataStart, Map<String, String> metadata, List<Entry> inFileOrder) {
    private static final String METADATA = "__metadata__";
    private static final String EXPECTED = "; expected a safetensors file";
    private static final int LENGTH_BYTES = 8;

    /** The limit of the format's reference implementation. */
    private static final long LONGEST = 100_000_000;

    /** Where a tensor lies: offsets in bytes from the start of the data. */
    record Entry(String name, Shape shape, long begin, long end) {}

    static SafetensorsHeader read(String file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new FileException(file, "has " + size + " bytes" + EXPECTED + ", which has at least 8");
        }
        long length = readFully(file, channel, 0, LENGTH_BYTES).getLong();
        if (length < 2 || length > LONGEST || length > size - LENGTH_BYTES) {
            throw new FileException(
                    file,
                    "is truncated or of another format: by its first 8 bytes its header has "
                            + Long.toUnsignedString(length) + " bytes, the file has " + size + EXPECTED);
        }
        ByteBuffer bytes = readFully(file, channel, LENGTH_BYTES, (int) length);
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            if (!text.startsWith("{")) {
                throw new MalformedJsonException("it does not begin with {");
            }
            parse(text, metadata, entries);
        } catch (FileException e) {
            throw e;
        } catch (CharacterCodingException | MalformedJsonException | EOFException e) {
            throw new FileException(file, "its header is no JSON text (" + e.getMessage() + ")" + EXPECTED, e);
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException | JsonParseException e) {
            throw new FileException(file, "its header is wrong: " + e.getMessage() + EXPECTED, e);
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        checkCover(file, entries, size - LENGTH_BYTES - length);
        return new SafetensorsHeader(LENGTH_BYTES + length, metadata, List.copyOf(entries));
    }

    static byte[] encode(Map<String, String> metadata, Map<String, Tensor> tensors) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject();
        if (!metadata.isEmpty()) {
            json.name(METADATA).beginObject();
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                json.name(entry.getKey()).value(entry.getValue());
            }
            json.endObject();
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            if (entry.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("safetensors: no tensor can have the name " + METADATA);
            }
            long end = offset + (long) entry.getValue().size() * Float.BYTES;
            writeEntry(json, entry.getKey(), entry.getValue().shape(), offset, end);
            offset = end;
        }
        json.endObject();
        // Spaces, which the format allows at the end, let the data begin at a multiple of 8.
        int unpadded = text.toString().getBytes(StandardCharsets.UTF_8).length;
        byte[] header = (text + " ".repeat(-unpadded & 7)).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(LENGTH_BYTES + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static void writeEntry(JsonWriter json, String name, Shape shape, long begin, long end) throws IOException {
        json.name(name).beginObject();
        json.name("dtype").value("F32");
        json.name("shape").beginArray();
        for (int extent : shape.toArray()) {
            json.value(extent);
        }
        json.endArray();
        json.name("data_offsets").beginArray().value(begin).value(end).endArray();
        json.endObject();
    }

    private static void parse(String text, Map<String, String> metadata, List<Entry> entries) throws IOException {
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
        Map<String, Boolean> seen = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            require(seen.put(name, true) == null, "it names " + name + " twice");
            if (name.equals(METADATA)) {
                parseMetadata(json, metadata);
            } else {
                entries.add(parseEntry(json, name));
            }
        }
        json.endObject();
        require(json.peek() == JsonToken.END_DOCUMENT, "it goes on after its end");
    }

    private static void parseMetadata(JsonReader json, Map<String, String> metadata) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            require(json.peek() == JsonToken.STRING, "metadata " + name + " is no string");
            require(metadata.put(name, json.nextString()) == null, "it names metadata " + name + " twice");
        }
        json.endObject();
    }

    private static Entry parseEntry(JsonReader json, String name) throws IOException {
        String type = null;
        List<Long> extents = null;
        List<Long> offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            switch (key) {
                case "dtype" -> type = json.nextString();
                case "shape" -> extents = parseNumbers(json, name);
                case "data_offsets" -> offsets = parseNumbers(json, name);
                default -> throw new IllegalArgumentException("tensor " + name + " has an unknown property " + key);
            }
        }
        json.endObject();
        require(
                type != null && extents != null && offsets != null && offsets.size() == 2,
                "tensor " + name + " lacks its dtype, shape or two data_offsets");
        require(type.equals("F32"), "tensor " + name + " has elements of type " + type + "; only F32 can be read");
        Shape shape = Shape.of(extents.stream().mapToInt(Math::toIntExact).toArray());
        long begin = offsets.get(0);
        long end = offsets.get(1);
        require(
                begin <= end && end - begin == (long) shape.size() * Float.BYTES,
                "tensor " + name + " of shape " + shape + " lies from byte " + begin + " to " + end + "; it needs "
                        + (long) shape.size() * Float.BYTES + " bytes");
        return new Entry(name, shape, begin, end);
    }

    private static List<Long> parseNumbers(JsonReader json, String name) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            require(json.peek() == JsonToken.NUMBER, "tensor " + name + " has a shape or an offset that is no number");
            long number = json.nextLong();
            require(number >= 0, "tensor " + name + " has the extent or offset " + number);
            numbers.add(number);
        }
        json.endArray();
        return numbers;
    }

    private static void checkCover(String file, List<Entry> sorted, long dataSize) throws IOException {
        long covered = 0;
        for (Entry entry : sorted) {
            if (entry.begin != covered) {
                throw new FileException(
                        file,
                        "tensor " + entry.name + " begins at byte " + entry.begin + " of the data; expected " + covered
                                + ", the end of the one before");
            }
            covered = entry.end;
        }
        if (covered != dataSize) {
            throw new FileException(
                    file,
                    (covered > dataSize ? "is truncated: it" : "goes on after its last tensor: it") + " has " + dataSize
                            + " bytes of data; expected " + covered);
        }
    }

    private static ByteBuffer readFully(String file, FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new FileException(file, "became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
