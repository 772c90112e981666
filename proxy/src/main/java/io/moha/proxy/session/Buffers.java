package io.moha.proxy.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Puts together and takes apart what a stream's reads have cut in the wrong place. */
final class Buffers {

    private Buffers() {}

    /**
     * The bytes of {@code first}, if any, and then of {@code second}; takes ownership of both, and
     * the caller owns what it gets. Copies only when there is something to put together.
     */
    static ByteBuf join(ByteBufAllocator allocator, @Nullable ByteBuf first, ByteBuf second) {
        if (first == null) {
            return second;
        }
        ByteBuf joined = allocator.buffer(first.readableBytes() + second.readableBytes());
        joined.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return joined;
    }

    /**
     * Copies the bytes from {@code index} on and cuts them off; null when there are none. A copy,
     * because these are few and would keep a whole read buffer alive.
     */
    static @Nullable ByteBuf cutTail(ByteBufAllocator allocator, ByteBuf bytes, int index) {
        int length = bytes.writerIndex() - index;
        if (length == 0) {
            return null;
        }
        ByteBuf tail = allocator.buffer(length).writeBytes(bytes, index, length);
        bytes.writerIndex(index);
        return tail;
    }
}
