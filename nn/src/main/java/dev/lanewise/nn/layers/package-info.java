/** Layers that networks are composed of. */
package dev.lanewise.nn.layers;
