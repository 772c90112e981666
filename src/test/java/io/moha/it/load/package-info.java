/**
 * What runs against a cluster while something happens to it, and what it must find afterwards:
 * writers that remember every acknowledged write, an idle session, an open transaction, and a
 * prober that writes to every node directly.
 */
@NullMarked
package io.moha.it.load;

import org.jspecify.annotations.NullMarked;
