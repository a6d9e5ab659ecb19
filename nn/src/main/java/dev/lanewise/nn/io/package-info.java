/** Files: safetensors, models with their architecture, and writing that never leaves half a file behind. */
package dev.lanewise.nn.io;
