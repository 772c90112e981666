/**
 * A MySQL client made for tests, written against the protocol's documentation and not against the
 * product's classes: it speaks any capabilities, records every packet as it came, and can
 * misbehave.
 */
@NullMarked
package io.moha.it.raw;

import org.jspecify.annotations.NullMarked;
