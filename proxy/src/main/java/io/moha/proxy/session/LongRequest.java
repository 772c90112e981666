package io.moha.proxy.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The bytes of a command that goes through in several buffers, kept so that it can be sent again,
 * as long as it is not too long for that. Confined to the session's loop.
 */
final class LongRequest {

    /** Longer ones are not kept: they would fill the memory, and are rare. */
    private static final int MOST = 1024 * 1024;

    private final HoldBudget budget;
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    private int bytes;
    private boolean given;
    private boolean whole;

    LongRequest(HoldBudget budget) {
        this.budget = budget;
    }

    /** Keeps {@code length} more bytes of the command; retains {@code in}. */
    void add(ByteBuf in, int start, int length) {
        if (given || length == 0) {
            return;
        }
        if (bytes + length > MOST || !budget.take(length)) {
            clear();
            return;
        }
        bytes += length;
        parts.add(in.retainedSlice(start, length));
    }

    /** All of the command has come. */
    void end() {
        whole = true;
    }

    /** Whether all of the command has come, and may have been executed. */
    boolean isWhole() {
        return whole;
    }

    /** Whether all bytes that came are here. */
    boolean isKept() {
        return !given;
    }

    /** A copy of the bytes in one buffer, which the caller owns. */
    ByteBuf copy(ByteBufAllocator allocator) {
        ByteBuf all = allocator.buffer(bytes);
        for (ByteBuf part : parts) {
            all.writeBytes(part, part.readerIndex(), part.readableBytes());
        }
        return all;
    }

    /** As {@link #copy}, and nothing is kept any more. */
    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf all = copy(allocator);
        clear();
        return all;
    }

    /** Gives everything back. */
    void clear() {
        given = true;
        parts.forEach(ByteBuf::release);
        parts.clear();
        budget.give(bytes);
        bytes = 0;
    }
}
