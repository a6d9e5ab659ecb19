/** Tensors, kernels on the Vector API, and the scalar references that say what each kernel computes. */
module dev.lanewise.kernels {
    requires jdk.incubator.vector;

    exports dev.lanewise.runtime;
    exports dev.lanewise.tensor;
}
