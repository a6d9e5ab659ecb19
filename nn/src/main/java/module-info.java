/** Layers, losses, optimizers, training, data and files. */
module dev.lanewise.nn {
    requires transitive dev.lanewise.kernels;
    requires com.google.gson;

    exports dev.lanewise.nn;
    exports dev.lanewise.nn.data;
    exports dev.lanewise.nn.io;
    exports dev.lanewise.nn.layers;
    exports dev.lanewise.nn.losses;
    exports dev.lanewise.nn.networks;
    exports dev.lanewise.nn.optim;
    exports dev.lanewise.nn.train;
}
