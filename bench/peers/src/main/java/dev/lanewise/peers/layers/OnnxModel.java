package dev.lanewise.peers.layers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A model of one node, as ONNX writes it: protocol buffers, a field after the other, each with its number and its length.
 * The numbers are those of {@code onnx.proto3}, IR version 8 and operators of version 18.
 *
 * <p>The input is {@code x}, the output {@code y}, and {@code w} are weights that belong to the model.
 */
final class OnnxModel {
    private static final int FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    private final Message node = new Message();
    private final Message graph = new Message();

    /**
     * Begins a model.
     *
     * @param operator such as {@code Conv}
     * @param inputs names of the node's inputs
     */
    OnnxModel(String operator, String... inputs) {
        for (String input : inputs) {
            node.text(1, input);
        }
        node.text(2, "y").text(4, operator);
    }

    /** Sets a number. */
    OnnxModel with(String attribute, long value) {
        node.message(5, new Message().text(1, attribute).number(3, value).number(20, ATTRIBUTE_INT));
        return this;
    }

    /** Sets numbers. */
    OnnxModel with(String attribute, long... values) {
        Message message = new Message().text(1, attribute);
        for (long value : values) {
            message.number(8, value);
        }
        node.message(5, message.number(20, ATTRIBUTE_INTS));
        return this;
    }

    /** Adds the weights. */
    OnnxModel weights(float[] w, long... extents) {
        Message tensor = new Message();
        for (long extent : extents) {
            tensor.number(1, extent);
        }
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * w.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(w);
        graph.message(5, tensor.number(2, FLOAT).text(8, "w").bytes(9, bytes.array()));
        return this;
    }

    /** Ends the model: the extents of its input and its output. */
    byte[] bytes(long[] x, long[] y) {
        graph.message(1, node).text(2, "layer").message(11, value("x", x)).message(12, value("y", y));
        return new Message()
                .number(1, 8)
                .message(7, graph)
                .message(8, new Message().number(2, 18))
                .bytes();
    }

    private static Message value(String name, long[] extents) {
        Message shape = new Message();
        for (long extent : extents) {
            shape.message(1, new Message().number(1, extent));
        }
        Message tensor = new Message().number(1, FLOAT).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** Fields of a message. */
    private static final class Message {
        private static final int NUMBER = 0;
        private static final int LENGTH = 2;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3 | NUMBER);
            varint(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes());
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | LENGTH);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        /** Seven bits to a byte, the lowest first; the eighth says that there are more. */
        private void varint(long value) {
            long rest = value;
            while (rest > 0x7f) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
