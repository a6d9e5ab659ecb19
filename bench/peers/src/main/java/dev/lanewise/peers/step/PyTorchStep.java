package dev.lanewise.peers.step;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.lanewise.bench.step.StepData;
import dev.lanewise.bench.step.TrainingStep;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.peers.foreign.TorchScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The step in PyTorch: one call of a function in TorchScript, without its optimiser, so that operators run one by one as they do
 * from Python, but Java and PyTorch meet once. Gradients are new in each step, as after {@code zero_grad(set_to_none=True)};
 * the update is {@code torch.optim.Adam(fused=True)}, the fastest of PyTorch's.
 */
final class PyTorchStep implements TrainingStep {
    private final PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final PtSymbolBlock function;
    /** By name; {@code []} stands for all of that name, in a list. */
    private final NDList arguments = new NDList();

    PyTorchStep(StepData data, boolean channelsLast) {
        JniUtils.setGraphExecutorOptimize(false);
        TorchNetwork network = new TorchNetwork(
                manager, channelsLast, data.network(), data.inputs().shape().dropFirst());
        List<NDArray> parameters = network.parameters();
        List<String> names = new ArrayList<>(List.of("h: Tensor", "labels: Tensor"));
        add("h", List.of(network.image(data.inputs())));
        add("labels", List.of(labels(data.labels())));
        Map<String, List<NDArray>> lists = new LinkedHashMap<>();
        lists.put("p", parameters);
        lists.put("b", network.buffers());
        lists.put("mean", zeros(parameters));
        lists.put("square", zeros(parameters));
        lists.put("steps", parameters.stream().map(each -> manager.create(0f)).toList());
        lists.forEach((name, tensors) -> {
            // A list that is empty can't be handed over; nobody would read it.
            if (!tensors.isEmpty()) {
                names.add(name + ": List[Tensor]");
                add(name + "[]", tensors);
            }
        });
        function = TorchScript.load(manager, String.join(", ", names), "Tensor", body(network.lines()));
    }

    private void add(String name, List<NDArray> tensors) {
        tensors.forEach(each -> {
            each.setName(name);
            arguments.add(each);
        });
    }

    private static String[] body(List<String> forward) {
        List<String> lines = new ArrayList<>();
        lines.add("torch.set_grad_enabled(True)");
        lines.addAll(forward);
        lines.add("loss = torch.cross_entropy_loss(h, labels, None, 1, -100, 0.)");
        lines.add("found = torch.grad([loss], p, None, False, False, False)");
        lines.add("torch.set_grad_enabled(False)");
        lines.add("g = annotate(List[Tensor], [])");
        lines.add("for i in range(torch.len(p)):");
        lines.add("  _0 = torch.append(g, unchecked_cast(Tensor, found[i]))");
        lines.add("torch._foreach_add_(steps, 1)");
        lines.add(String.format(
                Locale.ROOT,
                "torch._fused_adam_(p, g, mean, square, annotate(List[Tensor], []), steps, lr=%s, beta1=%s, beta2=%s,"
                        + " weight_decay=0., eps=%s, amsgrad=False, maximize=False)",
                StepData.LEARNING_RATE,
                Adam.DEFAULT_BETA1,
                Adam.DEFAULT_BETA2,
                String.format(Locale.ROOT, "%.10f", Adam.DEFAULT_EPSILON)));
        lines.add("return loss");
        return lines.toArray(String[]::new);
    }

    private NDArray labels(int[] classes) {
        long[] wide = new long[classes.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = classes[i];
        }
        return manager.create(wide, new Shape(wide.length));
    }

    private static List<NDArray> zeros(List<NDArray> like) {
        return like.stream().map(NDArray::zerosLike).toList();
    }

    @Override
    public float run() {
        // As in training: otherwise DJL would switch autograd off.
        try (NDList result = IValueUtils.forward(function, arguments, true)) {
            return result.singletonOrThrow().getFloat();
        }
    }

    @Override
    public void close() {
        function.close();
        manager.close();
    }
}
