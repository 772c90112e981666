/**
 * The packets of the connection phase, and the few of the command phase that a proxy has to read or
 * write itself: one record a kind, with {@code decode} and {@code encode}. A {@code decode} reads a
 * payload without its header, to the end, expects hostile bytes, and throws {@link
 * io.moha.protocol.wire.MalformedPacketException} for anything it cannot take; an {@code encode}
 * appends a payload, for {@link io.moha.protocol.wire.PacketWriter} to put a header before it.
 * Neither changes the ownership of a buffer.
 */
@NullMarked
package io.moha.protocol.packet;

import org.jspecify.annotations.NullMarked;
