package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** One command and the response that is due for it. Reused. */
final class Exchange {

    Command command = Command.SLEEP;

    /** Traits of the statement. */
    int traits;

    /** For commands about a prepared statement. */
    @Nullable PreparedStatement statement;

    /** For COM_STMT_EXECUTE: whether a value was sent before, in parts that were not kept. */
    boolean hasLongData;

    /** For COM_STMT_PREPARE: the text, null when it is too long to be kept. */
    byte @Nullable [] sql;

    /** The last value of COM_SET_OPTION: 0 for on. */
    int option;

    /** For a KILL: the session whose end it is. */
    @Nullable SessionMachine killed;

    /** Whether the client has a part of the response. */
    boolean answered;

    /** Set for a command of the proxy's own, whose response the client does not see. */
    @Nullable OwnReply own;

    /** The bytes of the response to an own command, as far as they came. */
    @Nullable ByteBuf ownResponse;

    /** The buffer in which the command lies whole; retained, so that it can be sent again. */
    @Nullable ByteBuf request;

    /** The command, if it came in several buffers. */
    @Nullable LongRequest longRequest;

    int requestStart;
    int requestEnd;

    boolean isOwn() {
        return own != null;
    }

    /** Keeps a reference to the command's bytes; retains {@code in}. */
    void keepRequest(ByteBuf in, int start, int end) {
        request = in.retain();
        requestStart = start;
        requestEnd = end;
    }

    /** Whether all that the command consists of is there, as far as it came. */
    boolean isRequestKept() {
        return !hasLongData && (request != null || (longRequest != null && longRequest.isKept()));
    }

    /** Whether the server was sent all of the command, so that it may have executed it. */
    boolean isDelivered() {
        return longRequest == null || longRequest.isWhole();
    }

    /** The command's bytes, which the caller owns; null when they were not kept. */
    @Nullable ByteBuf requestBytes(ByteBufAllocator allocator) {
        if (!isRequestKept()) {
            return null;
        }
        if (longRequest != null && longRequest.isKept()) {
            return longRequest.take(allocator);
        }
        return request == null
                ? null
                : request.retainedSlice(requestStart, requestEnd - requestStart);
    }

    /** Releases what is held and forgets everything. */
    void clear() {
        if (request != null) {
            request.release();
            request = null;
        }
        if (longRequest != null) {
            longRequest.clear();
            longRequest = null;
        }
        if (ownResponse != null) {
            ownResponse.release();
            ownResponse = null;
        }
        if (killed != null) {
            // Never answered: what becomes of that session is its own affair again.
            Kills.onResponse(killed, false);
            killed = null;
        }
        command = Command.SLEEP;
        traits = 0;
        statement = null;
        hasLongData = false;
        sql = null;
        answered = false;
        own = null;
    }
}
