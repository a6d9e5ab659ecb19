/** What training makes small. */
package dev.lanewise.nn.losses;
