package io.moha.bench.relay;

import java.net.InetSocketAddress;

/**
 * What the relay runs with.
 *
 * @param listen where clients connect
 * @param target the MySQL server
 * @param allocator which buffer allocator both channels use
 * @param receiveBuffer how large a buffer each read offers
 * @param maxReads how many reads a channel does before the loop turns to the next one
 * @param highWaterMark how many bytes may wait for a channel's socket before its peer is no longer
 *     read; it is read again at half of that
 */
record RelaySettings(
        InetSocketAddress listen,
        InetSocketAddress target,
        BufferAllocator allocator,
        ReceiveBuffer receiveBuffer,
        int maxReads,
        int highWaterMark) {}
