package dev.lanewise.runtime;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Memory that is used again: activations, gradients and scratch of one training step after another.
 *
 * <p>A stack. {@link #tensor} and {@link #ints} hand out the next piece, {@link #release} gives back all pieces taken
 * since {@link #mark}, {@link #reset} gives back everything. The first step grows the workspace to what it needs; every
 * later step allocates nothing. What a piece holds when it is handed out is not defined.
 *
 * <p>Large arrays that live long are what the garbage collector likes best: allocating them anew each step would have
 * the JVM zero them each time.
 *
 * <p>Not thread-safe: one workspace serves one call at a time. A kernel takes the scratch of all its threads before it
 * starts them.
 */
public final class Workspace {
    /**
     * Index of the first float that begins a cache line in what {@link #floats} hands out, if that has 8,192 floats or more and the JVM lets us know; pieces begin
     * there in their blocks.
     */
    public static final int FLOATS_START = CacheLines.HERE.start();

    /** The same of {@link #doubles}, from 8,192 of them on. */
    public static final int DOUBLES_START = FLOATS_START / 2;

    /** Floats from which on an array begins a cache line, unless these are more than 2 MiB; it takes a region of 4 MiB then. */
    private static final int ALIGNED_FROM = alignedFrom(CacheLines.HERE);

    private static final int SMALLEST_BLOCK = Math.max(ALIGNED_FROM, 1 << 16);

    /** Elements from which on an array of scratch may take as much as one that begins a cache line: the panels of a product. */
    private static final int PANELS = 1 << 13;

    /** Floats of a block, at most. */
    private static final int LARGEST_BLOCK = Integer.MAX_VALUE - 8 - FLOATS_START;

    /** Pieces that a new block has room for, at most. */
    private static final int MOST_PIECES = 8;

    /** Floats of a block of several pieces, at most: a GiB. */
    private static final int LARGEST_SHARED_BLOCK = 1 << 28;

    private final List<float[]> blocks = new ArrayList<>();
    private final Arrays<float[]> floats = new Arrays<>(float[]::new, array -> array.length, ALIGNED_FROM);
    private final Arrays<double[]> doubles = new Arrays<>(double[]::new, array -> array.length, ALIGNED_FROM / 2);
    private final Arrays<int[]> ints = new Arrays<>(int[]::new, array -> array.length, 0);
    private final List<Workspace> workers = new ArrayList<>();
    private int block;
    private int used = FLOATS_START;
    private long inEarlierBlocks;
    private long peak;

    /** How many blocks there were when the last step ended. */
    private int settled;

    /** Creates an empty workspace. */
    public Workspace() {}

    /**
     * A state of the workspace to return to.
     *
     * @param block index of the block in use
     * @param used floats used of that block
     * @param inEarlierBlocks floats used of the blocks before
     * @param floats how many float arrays are in use
     * @param doubles how many double arrays are in use
     * @param ints how many int arrays are in use
     */
    public record Mark(int block, int used, long inEarlierBlocks, int floats, int doubles, int ints) {}

    /**
     * Hands out a tensor; what it holds is not defined.
     *
     * @param shape its shape
     * @return the tensor, valid until the workspace is released or reset to before this call
     * @throws IllegalArgumentException if it has so nearly 2^31 elements that no array has room for it
     */
    public Tensor tensor(Shape shape) {
        int size = shape.size();
        if (size > LARGEST_BLOCK) {
            throw new IllegalArgumentException("workspace: a tensor of " + shape + " has " + size
                    + " elements; it may have at most " + LARGEST_BLOCK);
        }
        int rounded = Math.min(LARGEST_BLOCK, wholeLines(size));
        while (block < blocks.size() && blocks.get(block).length - used < rounded) {
            inEarlierBlocks += used - FLOATS_START;
            block++;
            used = FLOATS_START;
        }
        if (block == blocks.size()) {
            blocks.add(new float[FLOATS_START + blockFor(rounded)]);
        }
        Tensor tensor = Tensor.wrap(blocks.get(block), used, shape);
        used += rounded;
        peak = Math.max(peak, inEarlierBlocks + used - FLOATS_START);
        return tensor;
    }

    /**
     * Rounds up to whole cache lines, so that what begins behind begins one, too, and two threads don't share one.
     *
     * @param floats how many floats, at least 0
     * @return how many their lines have, or the largest int
     */
    public static int wholeLines(int floats) {
        return (int)
                Math.min(Integer.MAX_VALUE, (floats + CacheLines.FLOATS - 1L) / CacheLines.FLOATS * CacheLines.FLOATS);
    }

    static int alignedFrom(CacheLines lines) {
        return lines.alignedFrom() <= 1 << 19 ? lines.alignedFrom() : 0;
    }

    /**
     * The floats of a new block: for some pieces of this size, those that follow tend to have it too, but for more than one only within a quarter of
     * what there is. A block of one piece alone wastes the end of a region of the garbage collector's heap, which is 4 MiB with 8 GiB and 32 MiB with 64,
     * for sizes of tensors tend to be powers of two, and an array has a header: a step of ResNet-18 kept 1,640 and 2,110 MB so, and
     * keeps 1,300 and 1,650.
     */
    private int blockFor(int piece) {
        long all = blocks.stream().mapToLong(block -> block.length).sum();
        long pieces = Math.clamp(Math.min(all / 4, LARGEST_SHARED_BLOCK) / Math.max(1, piece), 1, MOST_PIECES);
        return Math.max((int) (pieces * piece), SMALLEST_BLOCK);
    }

    /**
     * Hands out a tensor; what it holds is not defined.
     *
     * @param extents its extents, outermost first
     * @return the tensor, valid until the workspace is released or reset to before this call
     */
    public Tensor tensor(int... extents) {
        return tensor(Shape.of(extents));
    }

    /**
     * Hands out a float array; what it holds is not defined.
     *
     * @param size how many elements are needed
     * @return an array of at least this length, valid until the workspace is released or reset to before this call
     */
    public float[] floats(int size) {
        return floats.take(size);
    }

    /**
     * Hands out a double array; what it holds is not defined.
     *
     * @param size how many elements are needed
     * @return an array of at least this length, valid until the workspace is released or reset to before this call
     */
    public double[] doubles(int size) {
        return doubles.take(size);
    }

    /**
     * Hands out an int array; what it holds is not defined.
     *
     * @param size how many elements are needed
     * @return an array of at least this length, valid until the workspace is released or reset to before this call
     */
    public int[] ints(int size) {
        return ints.take(size);
    }

    /**
     * Returns a workspace within this one, for one of several threads that work at once. Must be called before the
     * threads start; what is taken from it is given back to it.
     *
     * @param worker which thread, from 0
     * @return its workspace, always the same
     */
    public Workspace forWorker(int worker) {
        while (workers.size() <= worker) {
            workers.add(new Workspace());
        }
        return workers.get(worker);
    }

    /**
     * Returns the present state, for {@link #release}.
     *
     * @return the mark
     */
    public Mark mark() {
        return new Mark(block, used, inEarlierBlocks, floats.used, doubles.used, ints.used);
    }

    /**
     * Gives back every piece handed out since a mark.
     *
     * @param mark what {@link #mark} returned
     */
    public void release(Mark mark) {
        block = mark.block;
        used = mark.used;
        inEarlierBlocks = mark.inEarlierBlocks;
        floats.used = mark.floats;
        doubles.used = mark.doubles;
        ints.used = mark.ints;
    }

    /**
     * Gives back every piece handed out since a mark but one tensor, which moves to where the first of them was. A tensor from
     * before the mark, or from elsewhere, stays where it is.
     *
     * @param mark what {@link #mark} returned
     * @param tensor what is still needed
     * @return the tensor, in its new place if it moved; what it was before is not to be used any more
     */
    public Tensor releaseBut(Mark mark, Tensor tensor) {
        boolean since = isSince(mark, tensor);
        release(mark);
        if (!since) {
            return tensor;
        }
        // It lies in the first place that has room for it, or after it, so nothing else is overwritten.
        Tensor moved = tensor(tensor.shape());
        if (moved.array() != tensor.array() || moved.offset() != tensor.offset()) {
            System.arraycopy(tensor.array(), tensor.offset(), moved.array(), moved.offset(), tensor.size());
        }
        return moved;
    }

    private boolean isSince(Mark mark, Tensor tensor) {
        for (int i = mark.block; i < blocks.size(); i++) {
            if (blocks.get(i) == tensor.array()) {
                return i > mark.block || tensor.offset() >= mark.used;
            }
        }
        return false;
    }

    /**
     * Gives back every piece. If a step had to add blocks to those of the steps before, all are one block from here on; the
     * blocks of the first step are kept as they are, for the next ones take the same, and both in one would be twice the memory.
     */
    public void reset() {
        if (settled > 0 && blocks.size() > settled && peak <= LARGEST_BLOCK) {
            blocks.clear();
            blocks.add(new float[FLOATS_START + (int) peak]);
        }
        settled = blocks.size();
        block = 0;
        used = FLOATS_START;
        inEarlierBlocks = 0;
        floats.used = 0;
        doubles.used = 0;
        ints.used = 0;
    }

    /**
     * Returns the most memory that was in use at once; what of a block of tensors is not handed out does not count.
     *
     * @return bytes of tensor storage, and of all arrays of scratch
     */
    public long peakBytes() {
        return peak * Float.BYTES
                + floats.elements() * Float.BYTES
                + doubles.elements() * Double.BYTES
                + workers.stream().mapToLong(Workspace::peakBytes).sum();
    }

    /** Arrays of one type, handed out in order; one that is too short is replaced. */
    private static final class Arrays<T> {
        private final List<T> arrays = new ArrayList<>();
        private final IntFunction<T> create;
        private final ToIntFunction<T> length;
        private final int alignedFrom;
        private int used;

        Arrays(IntFunction<T> create, ToIntFunction<T> length, int alignedFrom) {
            this.create = create;
            this.length = length;
            this.alignedFrom = alignedFrom;
        }

        T take(int size) {
            int enough = size < PANELS ? size : Math.max(size, alignedFrom);
            if (used == arrays.size()) {
                arrays.add(create.apply(enough));
            } else if (length.applyAsInt(arrays.get(used)) < size) {
                arrays.set(used, create.apply(enough));
            }
            return arrays.get(used++);
        }

        long elements() {
            return arrays.stream().mapToLong(length::applyAsInt).sum();
        }
    }
}
