package dev.lanewise.nn.data;

import dev.lanewise.nn.io.FileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the four files of a data set come from: a folder, or the resources of a program. */
public interface IdxSource {
    /**
     * Returns what to call this source when it is used.
     *
     * @return such as {@code "/usr/share/datasets/fashion-mnist"} or {@code "the embedded subset"}
     */
    String description();

    /**
     * Opens a file.
     *
     * @param file its name without {@code .gz}, such as {@code train-images-idx3-ubyte}
     * @return its bytes, gzip or not, to be closed by the caller; null if there is none
     * @throws IOException if it can't be opened
     */
    InputStream open(String file) throws IOException;

    /**
     * Returns what messages call a file.
     *
     * @param file its name without {@code .gz}
     * @return its name in full
     */
    String nameOf(String file);

    /**
     * Returns the source of a folder's files, each with or without {@code .gz} at the end of its name.
     *
     * @param folder the folder
     * @return the source
     */
    static IdxSource folder(Path folder) {
        return new IdxSource() {
            @Override
            public String description() {
                return folder.toString();
            }

            @Override
            public InputStream open(String file) throws IOException {
                Path path = pathOf(file);
                try {
                    return Files.exists(path) ? Files.newInputStream(path) : null;
                } catch (IOException e) {
                    throw FileException.of(path, "can't be read; expected an IDX file", e);
                }
            }

            @Override
            public String nameOf(String file) {
                return pathOf(file).toString();
            }

            private Path pathOf(String file) {
                Path plain = folder.resolve(file);
                return Files.exists(plain) ? plain : folder.resolve(file + ".gz");
            }
        };
    }
}
