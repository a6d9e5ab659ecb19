package dev.lanewise.reference;

/** Look-up in a table and its gradient, one number at a time; the {@code float} versions give the kernel's bits. */
public final class EmbeddingReference {
    private EmbeddingReference() {}

    /**
     * Copies rows of a table.
     *
     * @param table the table, row after row
     * @param width how long a row is
     * @param indices which rows
     * @return the rows
     */
    public static float[] forward(float[] table, int width, int[] indices) {
        float[] y = new float[indices.length * width];
        for (int i = 0; i < y.length; i++) {
            y[i] = table[indices[i / width] * width + i % width];
        }
        return y;
    }

    /**
     * Adds the gradient of the rows to that of the table.
     *
     * @param indices which rows
     * @param width how long a row is
     * @param dy the gradient of the rows
     * @param gradient the gradient of the table; added to
     */
    public static void gradient(int[] indices, int width, double[] dy, double[] gradient) {
        for (int i = 0; i < dy.length; i++) {
            gradient[indices[i / width] * width + i % width] += dy[i];
        }
    }

    /**
     * Adds the gradient of the rows to that of the table with the kernel's bits: one after another, ascending by position.
     *
     * @param indices which rows
     * @param width how long a row is
     * @param dy the gradient of the rows
     * @param gradient the gradient of the table; added to
     */
    public static void gradient(int[] indices, int width, float[] dy, float[] gradient) {
        for (int i = 0; i < dy.length; i++) {
            gradient[indices[i / width] * width + i % width] += dy[i];
        }
    }
}
