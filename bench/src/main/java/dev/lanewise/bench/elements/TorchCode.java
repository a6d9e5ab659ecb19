package dev.lanewise.bench.elements;

import java.util.List;

/**
 * What PyTorch does, in TorchScript as {@code torch.jit.save} writes it: {@code torch.f} is the operator {@code aten::f},
 * so that gradients can be called by themselves and results be written to tensors that are there ({@code out=}).
 *
 * @param before lines that run once, before the clock starts to count
 * @param each lines of one computation, of which the last is an expression: a tensor, the first result, or several separated by
 *     commas, the first results
 */
public record TorchCode(List<String> before, List<String> each) {
    /**
     * Returns code without anything before it.
     *
     * @param each lines of one computation, of which the last is an expression
     * @return the code
     */
    public static TorchCode of(String... each) {
        return new TorchCode(List.of(), List.of(each));
    }
}
