/**
 * The bare relay: the least a Netty proxy for MySQL can do, which is to walk packet headers and
 * hand buffers on. It is the floor that the proxy's own cost is compared with, and the place where
 * allocator, receive buffer and transport settings are tried before the proxy adopts them. It knows
 * no login, no state and no routing.
 */
@NullMarked
package io.moha.bench.relay;

import org.jspecify.annotations.NullMarked;
