package dev.lanewise.bench.cli;

import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.LabeledImages;
import java.util.Map;
import java.util.zip.CRC32C;

/** Which images a training is about, noted in its checkpoints: going on with others would be another training. */
final class TrainingData {
    /** The note that says where the images came from. */
    static final String SOURCE_NOTE = "data";

    private static final String CHECKSUM_NOTE = "data-crc32c";

    private TrainingData() {}

    /** The notes on some images. */
    static Map<String, String> notes(FashionMnist data) {
        return Map.of(SOURCE_NOTE, data.source(), CHECKSUM_NOTE, checksum(data.training()));
    }

    /**
     * Checks that a training goes on with the images it began with.
     *
     * @param notes the checkpoint's; empty for a new training
     * @throws Problem if they are others
     */
    static void checkSame(FashionMnist data, Map<String, String> notes) {
        String noted = notes.get(CHECKSUM_NOTE);
        if (noted != null && !noted.equals(checksum(data.training()))) {
            throw new Problem("--resume: the training images of " + data.source()
                    + " are others than those that training began with; expected those of " + notes.get(SOURCE_NOTE)
                    + ", name them with --data");
        }
    }

    /**
     * Checks that there is something to train, to validate and to test with.
     *
     * @throws Problem if there isn't
     */
    static void checkEnough(FashionMnist data) {
        int training = data.training().size();
        if (training < 2) {
            throw new Problem(data.source() + ": has " + training + " training image" + (training == 1 ? "" : "s")
                    + "; expected at least 2, one to train and one to validate with");
        }
        if (data.test().size() == 0) {
            throw new Problem(data.source() + ": has no test images; expected at least 1");
        }
    }

    private static String checksum(LabeledImages images) {
        CRC32C checksum = new CRC32C();
        for (int i = 0; i < images.size(); i++) {
            checksum.update(images.label(i));
            checksum.update(images.image(i));
        }
        return Long.toHexString(checksum.getValue());
    }
}
