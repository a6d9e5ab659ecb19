package dev.lanewise.peers.layers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.lanewise.bench.layers.LayerLibrary.Running;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** A model of one node in ONNX Runtime; input and output stay where they are from run to run. */
final class OnnxRuntimeRunning implements Running {
    private final OrtSession session;
    private final OnnxTensor input;
    private final OnnxTensor output;
    private final FloatBuffer elements;
    private final long[] extents;

    /**
     * Loads a model.
     *
     * @param model the model
     * @param x its input, in Lanewise's layout
     * @param inputExtents those of the input, in ONNX's layout
     * @param outputExtents those of the output
     * @param threads how many threads work
     */
    OnnxRuntimeRunning(OnnxModel model, float[] x, long[] inputExtents, long[] outputExtents, int threads)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            session = environment.createSession(model.bytes(inputExtents, outputExtents), options);
        }
        extents = outputExtents;
        FloatBuffer given = buffer(inputExtents);
        given.put(ChannelsFirst.images(
                        x, (int) inputExtents[0], (int) (inputExtents[2] * inputExtents[3]), (int) inputExtents[1]))
                .rewind();
        elements = buffer(outputExtents);
        input = OnnxTensor.createTensor(environment, given, inputExtents);
        output = OnnxTensor.createTensor(environment, elements, outputExtents);
    }

    private static FloatBuffer buffer(long[] extents) {
        int bytes = Math.toIntExact(Float.BYTES * extents[0] * extents[1] * extents[2] * extents[3]);
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public void run() {
        try {
            session.run(Map.of("x", input), Map.of("y", output)).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] result() {
        float[] theirs = new float[elements.capacity()];
        elements.get(0, theirs);
        return ChannelsFirst.back(theirs, (int) extents[0], (int) (extents[2] * extents[3]), (int) extents[1]);
    }

    @Override
    public void close() {
        try {
            input.close();
            output.close();
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
