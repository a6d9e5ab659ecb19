package dev.lanewise.peers.step;

import dev.lanewise.bench.step.StepData;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layers.BatchNorm2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.Residual;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One of our networks as a graph of Deeplearning4j, with our weights. Its last layer has the loss. */
final class Deeplearning4jNetwork {
    private static final String INPUT = "images";

    private final GraphBuilder builder = new NeuralNetConfiguration.Builder()
            .updater(new Adam(StepData.LEARNING_RATE))
            .graphBuilder()
            .addInputs(INPUT);
    private final Map<String, INDArray> values = new LinkedHashMap<>();
    private final Layer last;
    /** The shape of an example where the graph is. */
    private Shape shape;
    /** What was flattened, until a linear layer read it: channels come first there. */
    private Shape flattened;

    private int names;

    Deeplearning4jNetwork(Sequential network, Shape example) {
        shape = example;
        last = network.layers().getLast();
        String output = add(network, INPUT);
        builder.setOutputs(output);
        builder.setInputTypes(InputType.convolutional(example.extent(0), example.extent(1), example.extent(2)));
    }

    ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        values.forEach((name, value) ->
                graph.getParam(name).assign(value.reshape(graph.getParam(name).shape())));
        return graph;
    }

    /** Adds a layer above another, and returns its name. */
    private String add(Layer layer, String below) {
        if (layer instanceof Sequential sequence) {
            String top = below;
            for (Layer each : sequence.layers()) {
                top = add(each, top);
            }
            return top;
        }
        if (layer instanceof Residual residual) {
            return add(residual, below);
        }
        Shape input = shape;
        shape = layer.outputShape(input);
        String name = "v" + names++;
        if (layer instanceof Conv2d convolution) {
            add(convolution, name, below);
        } else if (layer instanceof BatchNorm2d norm) {
            add(norm, name, below);
        } else if (layer instanceof Linear linear) {
            add(linear, name, below);
        } else if (layer instanceof MaxPool2d pooling) {
            PoolingGeometry g = pooling.geometry();
            builder.addLayer(
                    name,
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(g.kernelHeight(), g.kernelWidth())
                            .stride(g.strideHeight(), g.strideWidth())
                            .build(),
                    below);
        } else if (layer instanceof GlobalAvgPool2d) {
            builder.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), below);
        } else if (layer instanceof Flatten) {
            flattened = input;
            return below;
        } else {
            throw new IllegalStateException("no layer of Deeplearning4j for a " + layer.getClass());
        }
        return name;
    }

    private String add(Residual residual, String below) {
        Shape input = shape;
        String body = add(residual.body(), below);
        shape = input;
        String shortcut = add(residual.shortcut(), below);
        String sum = "v" + names++;
        builder.addVertex(sum, new ElementWiseVertex(ElementWiseVertex.Op.Add), body, shortcut);
        String name = "v" + names++;
        builder.addLayer(name, new ActivationLayer(activation(residual.activation())), sum);
        return name;
    }

    private void add(Conv2d layer, String name, String below) {
        ConvolutionGeometry g = layer.geometry();
        builder.addLayer(
                name,
                new ConvolutionLayer.Builder(g.kernelHeight(), g.kernelWidth())
                        .stride(g.strideHeight(), g.strideWidth())
                        .padding(g.padTop(), g.padLeft())
                        .nOut(g.outChannels())
                        .hasBias(layer.isBiased())
                        .activation(activation(layer.activation()))
                        .build(),
                below);
        values.put(name + "_W", array(layer.parameters().getFirst().value()).permute(3, 2, 0, 1));
        if (layer.isBiased()) {
            values.put(name + "_b", array(layer.parameters().get(1).value()));
        }
    }

    private void add(BatchNorm2d layer, String name, String below) {
        builder.addLayer(
                name,
                new BatchNormalization.Builder()
                        .decay(1 - layer.momentum())
                        .eps(layer.epsilon())
                        .activation(activation(layer.activation()))
                        .build(),
                below);
        values.put(name + "_gamma", array(layer.parameters().get(0).value()));
        values.put(name + "_beta", array(layer.parameters().get(1).value()));
    }

    private void add(Linear layer, String name, String below) {
        if (layer == last) {
            builder.addLayer(
                    name,
                    new OutputLayer.Builder(LossFunction.MCXENT)
                            .nOut(layer.outputs())
                            .activation(Activation.SOFTMAX)
                            .build(),
                    below);
        } else {
            builder.addLayer(
                    name,
                    new DenseLayer.Builder()
                            .nOut(layer.outputs())
                            .activation(activation(layer.activation()))
                            .build(),
                    below);
        }
        INDArray weight = array(layer.parameters().get(0).value());
        if (flattened != null) {
            long channels = flattened.extent(2);
            weight = weight.reshape('c', flattened.size() / channels, channels, layer.outputs())
                    .permute(1, 0, 2)
                    .dup('c')
                    .reshape('c', layer.inputs(), layer.outputs());
            flattened = null;
        }
        values.put(name + "_W", weight);
        values.put(name + "_b", array(layer.parameters().get(1).value()));
    }

    private static Activation activation(dev.lanewise.kernels.Activation ours) {
        return switch (ours) {
            case IDENTITY -> Activation.IDENTITY;
            case RELU -> Activation.RELU;
            default -> throw new IllegalStateException("no activation of Deeplearning4j for " + ours);
        };
    }

    private static INDArray array(Tensor ours) {
        long[] extents = new long[ours.shape().rank()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = ours.shape().extent(i);
        }
        return Nd4j.create(ours.toArray(), extents, 'c');
    }
}
