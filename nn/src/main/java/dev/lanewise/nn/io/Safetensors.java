package dev.lanewise.nn.io;

import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file in the safetensors format: named tensors of 32-bit floats and named strings.
 *
 * <pre>
 * 8 bytes   length of the header, little-endian
 * header    JSON: {"__metadata__": {name: string, ...},
 *                  name: {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}, ...}
 * data      the elements, row-major, little-endian; offsets count from here. No byte is unused or used twice
 * </pre>
 *
 * <p>The format is specified at github.com/huggingface/safetensors. Reading is strict: what another reader might guess
 * at is refused here.
 *
 * @param metadata strings by name
 * @param tensors tensors by name, in the order of the file; not copied
 */
public record Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
    private static final int BUFFER = 1 << 18;

    /** Keeps the order of both maps and refuses changes to them. */
    public Safetensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return what it holds
     * @throws FileException if it can't be read, is truncated, is no safetensors file, or has elements other than
     *     32-bit floats
     */
    public static Safetensors read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = SafetensorsHeader.read(file.toString(), channel);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
            for (SafetensorsHeader.Entry entry : header.inFileOrder()) {
                Tensor tensor = Tensor.zeros(entry.shape());
                readFloats(file, channel, header.dataStart() + entry.begin(), tensor, buffer);
                tensors.put(entry.name(), tensor);
            }
            return new Safetensors(header.metadata(), tensors);
        } catch (IOException e) {
            throw FileException.of(file, "can't be read; expected a safetensors file", e);
        }
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param file the file; its folder must exist
     * @throws FileException if it can't be written; what was there before is untouched then
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, this::writeTo);
    }

    /** Writes the bytes of the file. */
    void writeTo(WritableByteChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(SafetensorsHeader.encode(metadata, tensors)));
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        for (Tensor tensor : tensors.values()) {
            int capacity = BUFFER / Float.BYTES;
            for (int done = 0; done < tensor.size(); done += capacity) {
                int count = Math.min(tensor.size() - done, capacity);
                buffer.clear().limit(count * Float.BYTES);
                buffer.asFloatBuffer().put(tensor.array(), tensor.offset() + done, count);
                channel.write(buffer);
            }
        }
    }

    private static void readFloats(Path file, FileChannel channel, long position, Tensor tensor, ByteBuffer buffer)
            throws IOException {
        int capacity = BUFFER / Float.BYTES;
        for (int done = 0; done < tensor.size(); done += capacity) {
            int count = Math.min(tensor.size() - done, capacity);
            buffer.clear().limit(count * Float.BYTES);
            long from = position + (long) done * Float.BYTES;
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, from + buffer.position()) < 0) {
                    throw new FileException(file.toString(), "became shorter while it was read");
                }
            }
            buffer.flip();
            buffer.asFloatBuffer().get(tensor.array(), tensor.offset() + done, count);
        }
    }
}
