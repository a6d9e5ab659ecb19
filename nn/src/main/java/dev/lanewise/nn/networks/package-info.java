/** Networks fixed so that they can be compared. */
package dev.lanewise.nn.networks;
