package dev.lanewise.peers.step;

import ai.djl.engine.Engine;
import dev.lanewise.bench.step.StepData;
import dev.lanewise.bench.step.StepLibrary;
import dev.lanewise.bench.step.TrainingStep;

/** PyTorch, through DJL, once in each of the layouts that it has for images: which is faster depends on the network. */
public abstract class PyTorchSteps implements StepLibrary {
    private final String name;
    private final boolean channelsLast;

    PyTorchSteps(String name, boolean channelsLast) {
        this.name = name;
        this.channelsLast = channelsLast;
    }

    /** PyTorch as it comes: channels before rows and columns. */
    public static final class OwnLayout extends PyTorchSteps {
        /** Creates it, for {@link java.util.ServiceLoader}. */
        public OwnLayout() {
            super("pytorch", false);
        }
    }

    /** PyTorch with images and weights in {@code torch.channels_last}. */
    public static final class ChannelsLast extends PyTorchSteps {
        /** Creates it, for {@link java.util.ServiceLoader}. */
        public ChannelsLast() {
            super("pytorch-last", true);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        System.setProperty("ai.djl.offline", "true");
        return "PyTorch " + Engine.getEngine("PyTorch").getVersion() + " through DJL " + Engine.getDjlVersion()
                + (channelsLast ? ", channels_last" : "");
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public TrainingStep prepare(StepData data, int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        return new PyTorchStep(data, channelsLast);
    }
}
