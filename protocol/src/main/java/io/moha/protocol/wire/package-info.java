/**
 * Bytes on the MySQL wire: length encoding, the four-byte packet header and who reads and writes
 * it. {@code PacketScanner} and {@code CommandScanner} walk headers in place and serve the query
 * path; {@code PacketFrameDecoder} makes one buffer a packet and serves the login and the admin
 * port. What a packet means is not known here.
 */
@NullMarked
package io.moha.protocol.wire;

import org.jspecify.annotations.NullMarked;
