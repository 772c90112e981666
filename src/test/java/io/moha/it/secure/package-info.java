/**
 * A cluster as a careful operator sets it up: encrypted and authenticated on every link, and
 * servers that something else than the agents supervises.
 */
@NullMarked
package io.moha.it.secure;

import org.jspecify.annotations.NullMarked;
