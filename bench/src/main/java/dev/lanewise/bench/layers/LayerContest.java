package dev.lanewise.bench.layers;

import dev.lanewise.bench.compare.Contest;
import dev.lanewise.bench.compare.Library;
import dev.lanewise.bench.compare.PeakBenchmark.Limit;
import dev.lanewise.bench.compare.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is timed: convolutions, their gradients and pooling that libraries are compared at. */
public enum LayerContest implements Contest {
    /** The forward pass. */
    CONV("convolutions; shapes in the form of oneDNN's benchdnn, mb1ic64ih56oc64oh56kh3ph1", Limit.FLOAT),

    /** The gradient of the images. */
    CONV_BACKWARD_DATA("their gradients of the images", Limit.FLOAT),

    /** The gradient of the weights. */
    CONV_BACKWARD_WEIGHTS("their gradients of the weights", Limit.FLOAT),

    /** Convolutions each of whose groups sees one channel. */
    DEPTHWISE("one group to a channel; with backward-data: or backward-weights: before it", Limit.FLOAT),

    /** Maximum and average over windows; what counts is how fast memory is read and written. */
    POOL("pooling; with max:, max-backward:, avg: or avg-backward: before it", Limit.MEMORY);

    private final String description;
    private final Limit limit;

    LayerContest(String description, Limit limit) {
        this.description = description;
        this.limit = limit;
    }

    @Override
    public String suite() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public String unit() {
        return limit.unit();
    }

    @Override
    public Limit limit() {
        return limit;
    }

    @Override
    public List<String> lists() {
        return switch (this) {
            case CONV, CONV_BACKWARD_DATA, CONV_BACKWARD_WEIGHTS -> List.of("resnet50", "mobilenet-v2", "vgg16", "odd");
            case DEPTHWISE -> List.of("mobilenet-v2", "efficientnet-b0");
            case POOL -> List.of("networks", "odd");
        };
    }

    @Override
    public List<String> algorithms() {
        return switch (this) {
            case CONV, CONV_BACKWARD_DATA, CONV_BACKWARD_WEIGHTS -> List.of("exact", "fast");
            case DEPTHWISE, POOL -> List.of();
        };
    }

    @Override
    public String resource(String list) {
        String folder = suite().replaceFirst("-.*", "");
        return "/shapes/" + folder + "/" + list + ".txt";
    }

    @Override
    public boolean isShape(String word) {
        return word.matches("([a-z-]+:)?_?(g|mb|ic|oc|[ioksp][hw])\\d.*");
    }

    @Override
    public Task task(String text) {
        Layer layer = parse(text);
        return new Task(text(layer), layer.work(), 0);
    }

    /**
     * Reads a layer of this suite.
     *
     * @param text a shape, behind what is done and a colon where the suite does several things
     * @return the layer
     * @throws IllegalArgumentException if it is none
     */
    public Layer parse(String text) {
        return switch (this) {
            case CONV -> new ConvLayer(Direction.FORWARD, ConvShape.parse(text));
            case CONV_BACKWARD_DATA -> new ConvLayer(Direction.BACKWARD_DATA, ConvShape.parse(text));
            case CONV_BACKWARD_WEIGHTS -> new ConvLayer(Direction.BACKWARD_WEIGHTS, ConvShape.parse(text));
            case DEPTHWISE -> depthwise(text, beforeColon(text));
            case POOL -> pool(text, beforeColon(text));
        };
    }

    /** What stands before a shape; a name may hold a colon too, but behind digits. */
    private static String beforeColon(String text) {
        return text.matches("[a-z-]+:.*") ? text.substring(0, text.indexOf(':') + 1) : "";
    }

    private static Layer depthwise(String text, String before) {
        Direction direction = switch (before) {
            case "" -> Direction.FORWARD;
            case "backward-data:" -> Direction.BACKWARD_DATA;
            case "backward-weights:" -> Direction.BACKWARD_WEIGHTS;
            default ->
                throw new IllegalArgumentException("shape " + text + ": " + before
                        + " before it; expected backward-data:, backward-weights: or nothing");
        };
        ConvShape shape = ConvShape.parse(text.substring(before.length()));
        if (!shape.isDepthwise()) {
            throw new IllegalArgumentException("shape " + text + ": groups g (" + shape.groups()
                    + ") must be as many as ic (" + shape.inChannels() + "); the suite conv takes other shapes");
        }
        return new ConvLayer(direction, shape);
    }

    private static Layer pool(String text, String before) {
        PoolShape shape = PoolShape.parse(text.substring(before.length()));
        return switch (before) {
            case "", "max:" -> new PoolLayer(false, Direction.FORWARD, shape);
            case "max-backward:" -> new PoolLayer(false, Direction.BACKWARD_DATA, shape);
            case "avg:" -> new PoolLayer(true, Direction.FORWARD, shape);
            case "avg-backward:" -> new PoolLayer(true, Direction.BACKWARD_DATA, shape);
            default ->
                throw new IllegalArgumentException("shape " + text + ": " + before
                        + " before it; expected max:, max-backward:, avg:, avg-backward: or nothing for max:");
        };
    }

    /** Writes a layer as {@link #parse} reads it. */
    private String text(Layer layer) {
        if (layer instanceof PoolLayer) {
            return layer.toString();
        }
        ConvLayer convolution = (ConvLayer) layer;
        boolean forward = convolution.direction() == Direction.FORWARD;
        String before =
                this != DEPTHWISE || forward ? "" : convolution.direction().text() + ":";
        return before + convolution.shape();
    }

    @Override
    public Class<LayerLibrary> kind() {
        return LayerLibrary.class;
    }

    @Override
    public boolean offers(Library library, Task task) {
        return ((LayerLibrary) library).offers(parse(task.shape()));
    }

    @Override
    public Class<LayerBenchmark> benchmark() {
        return LayerBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("contest", name());
    }
}
