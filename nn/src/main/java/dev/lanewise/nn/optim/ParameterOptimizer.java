package dev.lanewise.nn.optim;

import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the optimizers have in common: parameters, a learning rate, a count of steps, and tensors kept between steps. */
abstract sealed class ParameterOptimizer implements Optimizer
        permits Sgd, RmsProp, Adagrad, Adadelta, MomentOptimizer, Lion {
    private final String name;
    private final List<Parameter> parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private double learningRate;
    private long steps;

    ParameterOptimizer(String name, List<Parameter> parameters, double learningRate) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException(
                        name + ": two parameters are named " + parameter.name() + "; names must differ");
            }
        }
        setLearningRate(learningRate);
    }

    /** Returns a tensor of zeros for each parameter, kept as state under {@code kind.parameter}. */
    final List<Tensor> remember(String kind) {
        return parameters.stream()
                .map(parameter -> {
                    Tensor tensor = Tensor.zeros(parameter.value().shape());
                    state.put(kind + "." + parameter.name(), tensor);
                    return tensor;
                })
                .toList();
    }

    /**
     * Changes one parameter.
     *
     * @param index its place in the list
     * @param parameter the parameter
     * @param step the number of this step, the first is 1
     * @param parallelism the threads
     */
    abstract void update(int index, Parameter parameter, long step, Parallelism parallelism);

    @Override
    public final void step(Parallelism parallelism) {
        steps++;
        for (int i = 0; i < parameters.size(); i++) {
            update(i, parameters.get(i), steps, parallelism);
        }
    }

    @Override
    public final void zeroGradients() {
        for (Parameter parameter : parameters) {
            parameter.gradient().fill(0);
        }
    }

    @Override
    public final long steps() {
        return steps;
    }

    @Override
    public final double learningRate() {
        return learningRate;
    }

    @Override
    public final void setLearningRate(double learningRate) {
        this.learningRate = notNegative("learning rate", learningRate);
    }

    @Override
    public final Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    @Override
    public final void restore(long steps, Map<String, Tensor> saved) {
        if (steps < 0) {
            throw new IllegalArgumentException(name + ": the number of steps is " + steps + "; it must be at least 0");
        }
        if (!saved.keySet().equals(state.keySet())) {
            throw new IllegalArgumentException(
                    name + ": the saved state has " + difference(saved.keySet(), state.keySet()));
        }
        state.forEach((key, tensor) -> {
            if (!saved.get(key).shape().equals(tensor.shape())) {
                throw new IllegalArgumentException(name + ": the saved " + key + " is "
                        + saved.get(key).shape() + "; it must be " + tensor.shape());
            }
        });
        state.forEach((key, tensor) -> tensor.copyFrom(saved.get(key)));
        this.steps = steps;
    }

    final double notNegative(String what, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    name + ": " + what + " is " + value + "; it must be at least 0 and finite");
        }
        return value;
    }

    final double positive(String what, double value) {
        if (!(value > 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + ": " + what + " is " + value + "; it must be above 0 and finite");
        }
        return value;
    }

    final double share(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    name + ": " + what + " is " + value + "; it must be at least 0 and below 1");
        }
        return value;
    }

    private static String difference(Set<String> saved, Set<String> wanted) {
        for (String key : wanted) {
            if (!saved.contains(key)) {
                return "no " + key;
            }
        }
        Set<String> unknown = new HashSet<>(saved);
        unknown.removeAll(wanted);
        return "an unknown tensor " + unknown.stream().sorted().findFirst().orElseThrow();
    }
}
