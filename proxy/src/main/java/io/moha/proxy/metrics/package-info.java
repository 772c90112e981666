/** What the proxy counts, with the name of every meter. Knows nothing of what is counted. */
@NullMarked
package io.moha.proxy.metrics;

import org.jspecify.annotations.NullMarked;
