package dev.lanewise.bench.elements;

/** What of a problem can be computed without the rest of it, and so be checked without it. */
public enum Part {
    /** An element of every array. */
    ELEMENT,

    /** A row, with its own value of what has one for each row, and all that has one value for each column. */
    ROW,

    /** What has the same place along the first axis, with its own value of what has one for each, and all that has one for each column. */
    SLICE,

    /** A column, with its own value of what has one for each column, and all that has one value for each row. */
    COLUMN,

    /** Everything. */
    WHOLE;

    /** Where a part lies in an array. */
    private record Place(int start, int step, int count) {}

    /**
     * Returns how many parts there are.
     *
     * @param extents those of the problem
     * @return the number
     */
    public int count(int[] extents) {
        return switch (this) {
            case ELEMENT -> Span.ALL.size(extents);
            case ROW, SLICE -> extents[0];
            case COLUMN -> extents[extents.length - 1];
            case WHOLE -> 1;
        };
    }

    private Place place(int number, Span span, int[] extents) {
        int columns = extents[extents.length - 1];
        boolean rows = this == ROW || this == SLICE;
        boolean single = this == ELEMENT || rows && span == Span.ROWS || this == COLUMN && span == Span.COLUMNS;
        if (single) {
            return new Place(number, 1, 1);
        }
        if (span != Span.ALL || this == WHOLE) {
            return new Place(0, 1, span.size(extents));
        }
        int size = Span.ALL.size(extents) / extents[0];
        return rows ? new Place(number * size, 1, size) : new Place(number, columns, extents[0]);
    }

    /**
     * Takes a part out of an array.
     *
     * @param number which part
     * @param span the axes of the array
     * @param extents those of the problem
     * @param array the array
     * @return its elements of the part
     */
    public double[] of(int number, Span span, int[] extents, float[] array) {
        Place place = place(number, span, extents);
        double[] part = new double[place.count];
        for (int i = 0; i < part.length; i++) {
            part[i] = array[place.start + i * place.step];
        }
        return part;
    }

    /**
     * Returns where an element of a part is in its array.
     *
     * @param number which part
     * @param span the axes of the array
     * @param extents those of the problem
     * @param i which of the part's elements
     * @return its index
     */
    public int index(int number, Span span, int[] extents, int i) {
        Place place = place(number, span, extents);
        return place.start + i * place.step;
    }
}
