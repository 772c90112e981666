package io.moha.proxy.admin;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;

/** What a statement is answered with. */
sealed interface AdminReply {

    /** A result set. */
    record Rows(ResultTable table) implements AdminReply {}

    /** Success; {@code info} is shown by clients that show it. */
    record Done(String info) implements AdminReply {}

    /** An error. */
    record Failed(ErrPacket error) implements AdminReply {}

    /** A refusal in words. */
    static AdminReply refused(String message) {
        return new Failed(ErrPacket.of(ErrorCode.UNKNOWN_ERROR, message));
    }
}
