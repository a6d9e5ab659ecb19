package dev.lanewise.bench.layers;

import dev.lanewise.reference.WindowAxis;

/** Reads and writes how a window moves along the two sides of an image. */
final class Windows {
    /** The height of a 1-d problem. */
    private static final WindowAxis ONE_PIXEL = new WindowAxis(1, 1, 1, 0, 0, 1);

    private Windows() {}

    /**
     * Reads a side. What a width leaves out is as in the height. An output that is left out follows from padding that is
     * the same at both ends; padding that is left out follows from the output, or is 0 if both are. The padding at the
     * bottom or the right is what the output needs.
     *
     * @param descriptor where to read
     * @param side {@code h} or {@code w}
     * @return the axis; that of a single pixel for the height of a 1-d problem
     */
    static WindowAxis read(Descriptor descriptor, char side) {
        if (side == 'h' && !descriptor.has("ih") && descriptor.has("iw")) {
            return ONE_PIXEL;
        }
        int input = descriptor.positive(key(descriptor, 'i', side));
        int kernel = descriptor.positive(key(descriptor, 'k', side));
        int stride = descriptor.positive(key(descriptor, 's', side), 1);
        int dilation = descriptor.any(key(descriptor, 'd', side), 0) + 1;
        long extent = (kernel - 1L) * dilation + 1;
        int output = descriptor.positive(key(descriptor, 'o', side), 0);
        long half = output == 0 ? 0 : Math.max(0, ((output - 1L) * stride + extent - input) / 2);
        int before = descriptor.any(key(descriptor, 'p', side), (int) Math.min(half, Integer.MAX_VALUE));
        // The padding behind is from 0 to less than a window, or as much as before where that is more.
        long least = Math.max(1, Math.floorDiv(input + before - extent, stride) + 1);
        long most = Math.floorDiv(input + before + Math.max(before, extent - 1) - extent, stride) + 1;
        if (output == 0) {
            output = (int) Math.max(0, Math.floorDiv(input + 2L * before - extent, stride) + 1);
        }
        if (output < least || output > most) {
            throw descriptor.wrong("o" + side + " is " + output + "; i" + side + " " + input + ", a window of " + extent
                    + ", stride " + stride + " and padding p" + side + " " + before + " give " + least + " to " + most);
        }
        long after = Math.max(0, (output - 1L) * stride + extent - input - before);
        return new WindowAxis(input, kernel, stride, before, (int) after, dilation);
    }

    /** The name of a number: the height's where the width leaves it out. */
    private static String key(Descriptor descriptor, char what, char side) {
        String own = "" + what + side;
        return side == 'w' && !descriptor.has(own) && descriptor.has("ih") ? what + "h" : own;
    }

    /**
     * Writes both sides as {@link #read} reads them: the width where it differs from the height, strides where they are not
     * 1, dilation where there is any.
     *
     * @param vertical the height
     * @param horizontal the width
     * @param before what is written before the output, such as its channels
     * @return the text
     */
    static String text(WindowAxis vertical, WindowAxis horizontal, String before) {
        boolean square = vertical.equals(horizontal);
        StringBuilder text = new StringBuilder();
        pair(text, square, "i", vertical.input(), horizontal.input());
        text.append(before);
        pair(text, square, "o", vertical.output(), horizontal.output());
        pair(text, square, "k", vertical.kernel(), horizontal.kernel());
        if (vertical.stride() > 1 || horizontal.stride() > 1) {
            pair(text, square, "s", vertical.stride(), horizontal.stride());
        }
        pair(text, square, "p", vertical.padBefore(), horizontal.padBefore());
        if (vertical.dilation() > 1 || horizontal.dilation() > 1) {
            pair(text, square, "d", vertical.dilation() - 1, horizontal.dilation() - 1);
        }
        return text.toString();
    }

    private static void pair(StringBuilder text, boolean square, String what, int height, int width) {
        text.append(what).append('h').append(height);
        if (!square) {
            text.append(what).append('w').append(width);
        }
    }

    /**
     * Returns whether the same padding at both ends gives this output: for libraries that know no other.
     *
     * @param axis a side
     * @return whether it does
     */
    static boolean isSymmetric(WindowAxis axis) {
        int same = axis.padBefore();
        return new WindowAxis(axis.input(), axis.kernel(), axis.stride(), same, same, axis.dilation()).output()
                == axis.output();
    }
}
