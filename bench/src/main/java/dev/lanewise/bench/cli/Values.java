package dev.lanewise.bench.cli;

import java.util.List;
import picocli.CommandLine.ITypeConverter;

/**
 * The kinds of values that options take. Each refuses what it can't take with a message that says what it expects;
 * {@link ErrorLines} puts the option's name and the value before it.
 */
final class Values {
    private Values() {}

    /** A whole number within bounds. */
    private abstract static class Whole implements ITypeConverter<Integer> {
        private final int least;
        private final int most;

        Whole(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public Integer convert(String text) {
            try {
                int value = Integer.parseInt(text.strip());
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException notANumber) {
                // Refused below, as a number that is out of bounds is.
            }
            throw new IllegalArgumentException("a whole number from " + least + " to " + most);
        }
    }

    /** A number within bounds. */
    private abstract static class Real implements ITypeConverter<Float> {
        private final String expected;

        Real(String expected) {
            this.expected = expected;
        }

        abstract boolean accepts(float value);

        @Override
        public Float convert(String text) {
            try {
                float value = Float.parseFloat(text.strip());
                if (accepts(value)) {
                    return value;
                }
            } catch (NumberFormatException notANumber) {
                // Refused below, as a number that is out of bounds is.
            }
            throw new IllegalArgumentException(expected);
        }
    }

    /** One of a few words. */
    private abstract static class Word implements ITypeConverter<String> {
        private final List<String> words;

        Word(String... words) {
            this.words = List.of(words);
        }

        @Override
        public String convert(String text) {
            if (!words.contains(text)) {
                throw new IllegalArgumentException(
                        String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1));
            }
            return text;
        }
    }

    /** How many epochs. */
    static final class Epochs extends Whole {
        Epochs() {
            super(1, 100_000);
        }
    }

    /** How many images to a step. */
    static final class BatchSize extends Whole {
        BatchSize() {
            super(1, 65_536);
        }
    }

    /** How many threads. */
    static final class Threads extends Whole {
        Threads() {
            super(1, 1024);
        }
    }

    /** How many processes for each measurement. */
    static final class Rounds extends Whole {
        Rounds() {
            super(1, 100);
        }
    }

    /** How many epochs without a better one before training ends; 0 for never. */
    static final class Patience extends Whole {
        Patience() {
            super(0, 100_000);
        }
    }

    /** The source of all randomness. */
    static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return Long.parseLong(text.strip());
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("a whole number of at most 63 bits");
            }
        }
    }

    /** The length of a step. */
    static final class LearningRate extends Real {
        LearningRate() {
            super("a number above 0, such as 0.001");
        }

        @Override
        boolean accepts(float value) {
            return value > 0 && value < Float.POSITIVE_INFINITY;
        }
    }

    /** The weight of a penalty. */
    static final class Penalty extends Real {
        Penalty() {
            super("a number of at least 0, such as 0.0001");
        }

        @Override
        boolean accepts(float value) {
            return value >= 0 && value < Float.POSITIVE_INFINITY;
        }
    }

    /** How much of the last step goes into the next. */
    static final class Momentum extends Real {
        Momentum() {
            super("a number of at least 0 and below 1, such as 0.9");
        }

        @Override
        boolean accepts(float value) {
            return value >= 0 && value < 1;
        }
    }

    /** A part of the data. */
    static final class Fraction extends Real {
        Fraction() {
            super("a number of at least 0.001 and at most 0.9, such as 0.1");
        }

        @Override
        boolean accepts(float value) {
            return value >= 0.001f && value <= 0.9f;
        }
    }

    /** The networks of {@code dev.lanewise.nn.networks}. */
    static final class Network extends Word {
        Network() {
            super("mlp", "lenet", "vgg");
        }
    }

    /** The optimizers of {@code dev.lanewise.nn.optim}. */
    static final class Optimizer extends Word {
        Optimizer() {
            super("sgd", "nesterov", "rmsprop", "adagrad", "adadelta", "adam", "adamw", "amsgrad", "lion");
        }
    }
}
