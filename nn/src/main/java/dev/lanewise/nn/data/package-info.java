/** Data sets: the IDX format, labelled images, and where Fashion-MNIST is found. */
package dev.lanewise.nn.data;
