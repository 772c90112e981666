/**
 * The computations of MySQL's password plugins, one class a plugin: making a proof, checking one
 * against a stored digest, and carrying a clear password encrypted. No I/O and no state.
 */
@NullMarked
package io.moha.protocol.auth;

import org.jspecify.annotations.NullMarked;
