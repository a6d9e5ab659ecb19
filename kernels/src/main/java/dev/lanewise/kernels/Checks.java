package dev.lanewise.kernels;

import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/** What the kernels demand of their arguments, checked before anything is written. */
final class Checks {
    private Checks() {}

    /**
     * Refuses tensors of different shapes.
     *
     * @param operation the kernel, for the message
     * @param nameA what the kernel calls the first tensor
     * @param a the first tensor
     * @param nameB what the kernel calls the second tensor
     * @param b the second tensor
     * @throws ShapeMismatchException if the shapes differ
     */
    static void sameShape(String operation, String nameA, Tensor a, String nameB, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new ShapeMismatchException(operation + ": " + nameA + " is " + a.shape() + ", " + nameB + " is "
                    + b.shape() + "; the shapes must be equal");
        }
    }

    /**
     * Refuses a result that covers part of an input, or the same elements at other places: it would overwrite inputs
     * before they are read.
     *
     * @param operation the kernel, for the message
     * @param inputName what the kernel calls the input
     * @param input a tensor that is read
     * @param resultName what the kernel calls the result
     * @param result a tensor of the same size that is written
     * @throws IllegalArgumentException if the tensors overlap without being the same elements
     */
    static void sameOrApart(String operation, String inputName, Tensor input, String resultName, Tensor result) {
        if (result.offset() != input.offset() && result.overlaps(input)) {
            throw new IllegalArgumentException(operation + ": " + resultName + " at " + result.offset()
                    + " overlaps " + inputName + " at " + input.offset()
                    + " of the same array; they must be the same elements or share none");
        }
    }

    /**
     * Refuses a result that shares elements with another argument.
     *
     * @param operation the kernel, for the message
     * @param inputName what the kernel calls the other argument
     * @param input the other argument
     * @param resultName what the kernel calls the result
     * @param result a tensor that is written
     * @throws IllegalArgumentException if the tensors overlap
     */
    static void apart(String operation, String inputName, Tensor input, String resultName, Tensor result) {
        if (result.overlaps(input)) {
            throw new IllegalArgumentException(
                    operation + ": " + resultName + " overlaps " + inputName + "; they must share no element");
        }
    }

    /**
     * Refuses a tensor that has not one value for each channel of rows.
     *
     * @param operation the kernel, for the message
     * @param rowsName what the kernel calls the rows
     * @param rows tensor whose last axis is the channels
     * @param name what the kernel calls the other tensor
     * @param values the other tensor
     * @return the number of channels
     * @throws ShapeMismatchException if the shapes do not fit
     */
    static int channels(String operation, String rowsName, Tensor rows, String name, Tensor values) {
        boolean fits = rows.shape().rank() >= 1
                && values.shape().rank() == 1
                && values.size() == rows.shape().extent(-1);
        if (!fits) {
            throw new ShapeMismatchException(operation + ": " + rowsName + " is " + rows.shape() + ", " + name + " is "
                    + values.shape() + "; " + name + " must have one axis, as long as the last of " + rowsName);
        }
        return values.size();
    }

    /**
     * Refuses the settings of a normalisation that can't be done.
     *
     * @param operation the kernel, for the message
     * @param epsilon what is added to variances
     * @param activation what follows
     * @throws IllegalArgumentException if epsilon is not above 0 and finite, or the activation is not fused
     */
    static void normalization(String operation, double epsilon, Activation activation) {
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    operation + ": epsilon is " + epsilon + "; it must be above 0 and finite");
        }
        if (activation != Activation.IDENTITY && activation != Activation.RELU) {
            throw new IllegalArgumentException(
                    operation + ": activation is " + activation + "; it must be IDENTITY or RELU");
        }
    }

    /**
     * Refuses results of a normalisation's gradient that do not fit, or overlap another argument so that it would be
     * overwritten before it is read.
     *
     * @param operation the kernel, for the message
     * @param x the rows of the forward pass
     * @param dy the gradients of the results
     * @param dx the gradients of the inputs; null if they are not wanted
     * @param dweight the gradient of the weights
     * @param dbias the gradient of the biases; null for none
     * @throws ShapeMismatchException if the shapes do not fit
     * @throws IllegalArgumentException if a result overlaps another argument
     */
    static void normalizationGradient(String operation, Tensor x, Tensor dy, Tensor dx, Tensor dweight, Tensor dbias) {
        sameShape(operation, "x", x, "dy", dy);
        if (dx != null) {
            sameShape(operation, "x", x, "dx", dx);
            sameOrApart(operation, "x", x, "dx", dx);
            sameOrApart(operation, "dy", dy, "dx", dx);
        }
        parameterGradient(operation, x, dy, dx, "dweight", dweight);
        if (dbias != null) {
            parameterGradient(operation, x, dy, dx, "dbias", dbias);
            apart(operation, "dweight", dweight, "dbias", dbias);
        }
    }

    private static void parameterGradient(
            String operation, Tensor x, Tensor dy, Tensor dx, String name, Tensor gradient) {
        channels(operation, "x", x, name, gradient);
        apart(operation, "x", x, name, gradient);
        apart(operation, "dy", dy, name, gradient);
        if (dx != null) {
            apart(operation, "dx", dx, name, gradient);
        }
    }

    /**
     * Refuses a number that is negative, infinite or NaN.
     *
     * @param operation the kernel, for the message
     * @param name what the kernel calls the number
     * @param value the number
     * @throws IllegalArgumentException if it is not at least 0 and finite
     */
    static void finite(String operation, String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    operation + ": " + name + " is " + value + "; it must be at least 0 and finite");
        }
    }
}
