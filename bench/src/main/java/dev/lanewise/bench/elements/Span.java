package dev.lanewise.bench.elements;

/** Which axes of a problem, rows and columns or one alone, an array of it has. */
public enum Span {
    /** All of them. */
    ALL,

    /** One value for each row. */
    ROWS,

    /** One value for each column. */
    COLUMNS,

    /** One value for all. */
    ONE;

    /**
     * Returns the extents of an array.
     *
     * @param extents those of the problem
     * @return those of the array
     */
    public int[] extents(int[] extents) {
        return switch (this) {
            case ALL -> extents.clone();
            case ROWS -> new int[] {extents[0]};
            case COLUMNS -> new int[] {extents[extents.length - 1]};
            case ONE -> new int[] {1};
        };
    }

    /**
     * Returns how many elements an array has.
     *
     * @param extents those of the problem
     * @return the size
     */
    public int size(int[] extents) {
        int size = 1;
        for (int extent : extents(extents)) {
            size *= extent;
        }
        return size;
    }
}
