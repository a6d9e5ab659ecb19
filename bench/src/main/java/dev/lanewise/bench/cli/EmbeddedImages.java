package dev.lanewise.bench.cli;

import dev.lanewise.bench.Main;
import dev.lanewise.nn.data.IdxSource;
import java.io.InputStream;

/** The subset of Fashion-MNIST within this program's jar: 10,000 training and 2,000 test images. */
public final class EmbeddedImages implements IdxSource {
    private static final String FOLDER = "fashion-mnist/";

    @Override
    public String description() {
        return "the embedded subset";
    }

    @Override
    public InputStream open(String file) {
        return Main.class.getResourceAsStream(FOLDER + file + ".gz");
    }

    @Override
    public String nameOf(String file) {
        return "embedded " + file + ".gz";
    }
}
