package io.moha.bench.relay;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** The buffer allocators that can be compared. */
enum BufferAllocator {
    /** Arenas with thread caches, Netty 4.1's default. */
    POOLED,
    /** Chunks sized by what is asked for, Netty 4.2's default. */
    ADAPTIVE,
    /** A new buffer each time. */
    UNPOOLED;

    /** The allocator itself, shared by all channels. */
    ByteBufAllocator create() {
        return switch (this) {
            case POOLED -> PooledByteBufAllocator.DEFAULT;
            case ADAPTIVE -> new AdaptiveByteBufAllocator();
            case UNPOOLED -> UnpooledByteBufAllocator.DEFAULT;
        };
    }
}
