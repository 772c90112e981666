package io.moha.proxy.session;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a session ended, whose side it came from, what the client is told, and the label under which
 * it is counted.
 */
public enum CloseCause {
    /** The client said COM_QUIT. */
    CLIENT_QUIT("client_quit", Side.CLIENT, null),
    /** The client closed its connection, or it broke. */
    CLIENT_GONE("client_gone", Side.CLIENT, null),
    /** The client sent what is no command. */
    CLIENT_MALFORMED("client_malformed", Side.CLIENT, ErrorCode.MALFORMED_PACKET),
    /** The server went while a statement ran that may have had an effect. */
    OUTCOME_UNKNOWN("outcome_unknown", Side.SERVER, ErrorCode.SERVER_LOST_OUTCOME_UNKNOWN),
    /** The server went before it had all of a command, of which too little was kept. */
    UNDELIVERED("undelivered", Side.SERVER, ErrorCode.SERVER_SHUTDOWN),
    /** The server went in the middle of a packet of a result. */
    RESULT_CUT("result_cut", Side.SERVER, null),
    /** The server went with state that cannot be restored elsewhere, and no command was there. */
    UNMOVABLE("unmovable", Side.SERVER, null),
    /** A command is there, and state that cannot be restored where it would have to go. */
    UNMOVABLE_COMMAND("unmovable_command", Side.SERVER, ErrorCode.SERVER_LOST),
    /** The server ended the session with an error that the client got, such as 4031. */
    SERVER_ENDED("server_ended", Side.SERVER, null),
    /** The server sent what is no response. */
    SERVER_MALFORMED("server_malformed", Side.SERVER, ErrorCode.SERVER_LOST),
    /** The stream that the connection had become ended. */
    STREAM_ENDED("stream_ended", Side.SERVER, null),
    /** Its transaction could not be waited for, and drain.onDeadline says close. */
    TRANSACTION_CUT("transaction_cut", Side.PROXY, ErrorCode.SERVER_LOST),
    /** The client sent nothing for limits.idleTimeout. */
    IDLE("idle", Side.PROXY, ErrorCode.CLIENT_INTERACTION_TIMEOUT),
    /** A command waited longer than hold.maxWait. */
    HOLD_EXPIRED("hold_expired", Side.PROXY, ErrorCode.SERVER_SHUTDOWN),
    /** Too many commands waited already. */
    HOLD_FULL("hold_full", Side.PROXY, ErrorCode.SERVER_SHUTDOWN),
    /** The new server refused the login. */
    LOGIN_REFUSED("login_refused", Side.SERVER, ErrorCode.SERVER_LOST),
    /** The new server refused a part of the session's state. */
    NOT_RESTORED("not_restored", Side.SERVER, ErrorCode.SERVER_LOST),
    /** COM_CHANGE_USER failed, which ends a session. */
    CHANGE_USER_FAILED("change_user_failed", Side.CLIENT, null),
    /** KILL, on the admin port or by another session. */
    KILLED("killed", Side.PROXY, ErrorCode.QUERY_INTERRUPTED),
    /** The proxy stops. */
    SHUTDOWN("shutdown", Side.PROXY, ErrorCode.SERVER_SHUTDOWN),
    /** The proxy stops, and drain.onDeadline says close. */
    SHUTDOWN_SILENT("shutdown_silent", Side.PROXY, null),
    /** An error of the proxy itself. */
    INTERNAL("internal", Side.PROXY, ErrorCode.SERVER_LOST);

    /** Whose side an ending came from. */
    public enum Side {
        /** The client's. */
        CLIENT,
        /** A server's. */
        SERVER,
        /** Ours. */
        PROXY
    }

    private final String label;
    private final Side side;
    private final @Nullable ErrorCode error;

    CloseCause(String label, Side side, @Nullable ErrorCode error) {
        this.label = label;
        this.side = side;
        this.error = error;
    }

    /** The value of the metric's label. */
    public String label() {
        return label;
    }

    /** Whose side it came from. */
    public Side side() {
        return side;
    }

    /** What a client that waits for a response gets; empty for a mere close. */
    public Optional<ErrPacket> error() {
        return Optional.ofNullable(error).map(ErrPacket::of);
    }
}
