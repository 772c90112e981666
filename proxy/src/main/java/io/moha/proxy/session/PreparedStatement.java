package io.moha.proxy.session;

import io.moha.proxy.statement.StatementKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A prepared statement as the session knows it, whatever server it is on. */
final class PreparedStatement {

    /** What {@link #serverId} is while the server has no such statement. */
    static final long NOWHERE = -1;

    final long clientId;
    final byte[] sql;
    final int parameters;

    /** In which its names were looked up; null when there was none. */
    final @Nullable String schema;

    /** The present server's id. */
    long serverId;

    /** Whether a cursor is open, which no other server can continue. */
    boolean cursorOpen;

    /** Whether parts of a parameter were sent, which the proxy did not keep. */
    boolean hasLongData;

    /** Whether the server does not know the types of parameters that the client thinks it knows. */
    boolean typesMissing;

    private byte @Nullable [] types;
    private @Nullable StatementKind kind;

    PreparedStatement(
            long clientId, long serverId, byte[] sql, int parameters, @Nullable String schema) {
        this.clientId = clientId;
        this.serverId = serverId;
        this.sql = sql;
        this.parameters = parameters;
        this.schema = schema;
    }

    /** What losing the server during an execution means. */
    StatementKind kind() {
        if (kind == null) {
            kind = StatementKind.of(new String(sql, StandardCharsets.UTF_8));
        }
        return kind;
    }

    /** Keeps the types that lie in {@code in}; copies only when they differ from the last ones. */
    void noteTypes(ByteBuf in, int start, int end) {
        byte[] known = types;
        if (known == null || !equal(known, in, start, end)) {
            types = ByteBufUtil.getBytes(in, start, end - start);
        }
        typesMissing = false;
    }

    private static boolean equal(byte[] known, ByteBuf in, int start, int end) {
        if (known.length != end - start) {
            return false;
        }
        for (int i = 0; i < known.length; i++) {
            if (known[i] != in.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }

    /** The types last sent, null when there were none. */
    byte @Nullable [] types() {
        return types == null ? null : Arrays.copyOf(types, types.length);
    }

    /** The session is on another server, which knows the statement by {@code id}. */
    void movedTo(long id) {
        serverId = id;
        typesMissing = types != null;
        cursorOpen = false;
    }
}
