package io.moha.proxy.move;

import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One command that restores a part of a session.
 *
 * @param command what to send
 * @param argument the payload behind the command byte; not to be changed
 * @param statement the statement that a STMT_PREPARE is for, else null
 * @param required whether the session would not be the same without it; a statement that cannot be
 *     prepared again fails only when it is used
 */
@SuppressWarnings("ArrayRecordComponent") // steps are never compared
record RestoreStep(
        Command command, byte[] argument, @Nullable PreparedText statement, boolean required) {

    /** Appends the payload. */
    void writeTo(ByteBuf out) {
        out.writeByte(command.code()).writeBytes(argument);
    }
}
