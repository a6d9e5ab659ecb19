/** Tensors, kernels on the Vector API, and the scalar references that say what each kernel computes. */
module dev.lanewise.kernels {
    requires jdk.incubator.vector;
    requires jdk.management;

    exports dev.lanewise.kernels;
    exports dev.lanewise.reference;
    exports dev.lanewise.runtime;
    exports dev.lanewise.tensor;
}
