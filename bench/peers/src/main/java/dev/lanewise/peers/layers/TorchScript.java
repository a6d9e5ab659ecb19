package dev.lanewise.peers.layers;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function in PyTorch that needs no module of Python: written as the archive that {@code torch.jit.save} would write. So
 * operators can be called that DJL does not offer, such as the gradients by themselves, without autograd around them.
 */
public final class TorchScript {
    /** A pickled object without fields, of the class below. */
    private static final String MODULE = "\u0080\u0002c__torch__\nLayer\n)\u0081}(X\b\0\0\0training\u0089ub.";

    /** An empty tuple. */
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private TorchScript() {}

    /**
     * Loads a function.
     *
     * @param manager holds it
     * @param parameters such as {@code x: Tensor, w: Tensor}
     * @param result its type, such as {@code Tensor}
     * @param body its lines, in TorchScript as {@code torch.jit.save} writes it
     * @return what calls it
     */
    public static PtSymbolBlock load(PtNDManager manager, String parameters, String result, String... body) {
        String code = """
                class Layer(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.Layer,
                    %s) -> %s:
                    %s
                """.formatted(parameters, result, String.join("\n    ", body));
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                add(zip, "data.pkl", MODULE);
                add(zip, "code/__torch__.py", code);
                add(zip, "constants.pkl", NO_CONSTANTS);
                add(zip, "version", "3\n");
            }
            return JniUtils.loadModule(manager, new ByteArrayInputStream(bytes.toByteArray()), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry("layer/" + name));
        zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
        zip.closeEntry();
    }
}
