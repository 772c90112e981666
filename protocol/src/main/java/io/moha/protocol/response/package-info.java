/**
 * Where the response to a command ends, and the few facts in it that the proxy lives by: status
 * flags, session state changes, statement ids. Pure: bytes in, events out; no channel, no clock, no
 * logger.
 */
@NullMarked
package io.moha.protocol.response;

import org.jspecify.annotations.NullMarked;
