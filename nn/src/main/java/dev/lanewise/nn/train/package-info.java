/** Training: mini-batches, a validation split, early stopping, checkpoints, and evaluation. */
package dev.lanewise.nn.train;
