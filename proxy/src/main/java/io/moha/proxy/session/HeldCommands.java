package io.moha.proxy.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The bytes of commands that wait, in the order in which the client sent them. Bounded. */
final class HeldCommands {

    private final HoldBudget budget;
    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>(2);
    private int bytes;
    private boolean entered;

    HeldCommands(HoldBudget budget) {
        this.budget = budget;
    }

    /** What all sessions share. */
    HoldBudget budget() {
        return budget;
    }

    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /**
     * Adds bytes behind all others; takes ownership.
     *
     * @return whether there was room; if not, they are released
     */
    boolean addLast(ByteBuf in) {
        if (!admit(in)) {
            return false;
        }
        buffers.addLast(in);
        return true;
    }

    /** As {@link #addLast}, in front of all others. */
    boolean addFirst(ByteBuf in) {
        if (!admit(in)) {
            return false;
        }
        buffers.addFirst(in);
        return true;
    }

    private boolean admit(ByteBuf in) {
        entered = entered || budget.enter();
        if (!entered || !budget.take(in.readableBytes())) {
            in.release();
            return false;
        }
        bytes += in.readableBytes();
        return true;
    }

    /** Takes the first bytes away, which the caller owns; null when there are none. */
    @Nullable ByteBuf poll() {
        ByteBuf first = buffers.poll();
        if (first != null) {
            bytes -= first.readableBytes();
            budget.give(first.readableBytes());
            leaveWhenEmpty();
        }
        return first;
    }

    /** Releases all. */
    void release() {
        for (ByteBuf held = buffers.poll(); held != null; held = buffers.poll()) {
            held.release();
        }
        budget.give(bytes);
        bytes = 0;
        leaveWhenEmpty();
    }

    private void leaveWhenEmpty() {
        if (entered && buffers.isEmpty()) {
            entered = false;
            budget.leave();
        }
    }
}
