package dev.lanewise.bench.cli;

import dev.lanewise.nn.io.FileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The folder that a training writes to. Checked before the first step, so that no training is lost to a bad folder. */
final class OutputFolder {
    /** Where results go if no folder is named: under the current folder, created if need be. */
    static final Path DEFAULT = Path.of("lanewise-out");

    private static final String MODEL = "model.safetensors";
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String CURVES = "learning-curves.png";
    private static final String SHEET = "predictions.png";

    private static final List<String> FILES = List.of(MODEL, CHECKPOINT, CURVES, SHEET);

    private final Path folder;

    private OutputFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Checks the folder.
     *
     * @param named the folder that the user named, which must exist; null for {@link #DEFAULT}
     * @param bytes how much will be written
     * @throws Problem if the folder is missing, is none, can't be written to or has no room
     */
    static OutputFolder open(Path named, long bytes) {
        Path folder = named == null ? DEFAULT : named;
        String option = "--output " + folder + ": ";
        if (named == null && !Files.exists(folder)) {
            create(folder);
        }
        if (!Files.exists(folder)) {
            throw new Problem(option + "no such folder; expected one that exists (create it first)");
        }
        if (!Files.isDirectory(folder)) {
            throw new Problem(option + "not a folder; expected one to write results to");
        }
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.isDirectory(file)) {
                throw new Problem(option + file + " is a folder; expected none where a file is to be written");
            }
        }
        try {
            tryOut(folder, bytes);
        } catch (IOException e) {
            throw new Problem(option + "can't be written to (" + FileException.reason(e) + "); expected a folder with "
                    + Math.ceilDiv(bytes, 1 << 20) + " MB to spare");
        }
        return new OutputFolder(folder);
    }

    private static void create(Path folder) {
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new Problem("can't create the folder " + folder + " here (" + FileException.reason(e)
                    + "); expected a current folder that can be written to, or --output DIR");
        }
    }

    /** Writes as much as the training will and takes it away again: what a file system says of its free space is no promise. */
    private static void tryOut(Path folder, long bytes) throws IOException {
        Path probe = Files.createTempFile(folder, ".lanewise-", ".part");
        try (var out = Files.newOutputStream(probe)) {
            // Not zeros, which some file systems don't store.
            byte[] block = new byte[1 << 16];
            Arrays.fill(block, (byte) 0x5A);
            for (long left = bytes; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    Path model() {
        return folder.resolve(MODEL);
    }

    Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    Path curves() {
        return folder.resolve(CURVES);
    }

    Path sheet() {
        return folder.resolve(SHEET);
    }

    Path folder() {
        return folder;
    }

    /** The checkpoint that {@code --resume} means: the file itself, or the one in the folder. */
    static Path checkpointAt(Path resume) {
        return Files.isDirectory(resume) ? resume.resolve(CHECKPOINT) : resume;
    }
}
