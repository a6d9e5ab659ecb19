package dev.lanewise.peers.foreign;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;

/** PyTorch through DJL, from the libraries that are on the class path: nothing is downloaded. */
public final class PyTorchLibrary {
    private PyTorchLibrary() {}

    /**
     * Returns the version that the library reports.
     *
     * @return name and version
     */
    public static String version() {
        System.setProperty("ai.djl.offline", "true");
        return "PyTorch " + Engine.getEngine("PyTorch").getVersion() + " through DJL " + Engine.getDjlVersion();
    }

    /**
     * Starts the library.
     *
     * @param threads how many threads work
     * @return what holds its tensors
     */
    public static PtNDManager start(int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        return (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }
}
