/** What changes parameters along their gradients. */
package dev.lanewise.nn.optim;
