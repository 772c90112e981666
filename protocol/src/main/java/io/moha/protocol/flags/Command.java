package io.moha.protocol.flags;

import java.util.Arrays;

/**
 * A command of the command phase, named by the first byte of its first packet.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/my__command_8h.html">my_command.h
 *     </a>
 */
public enum Command {
    /** Refused by servers; also what an empty packet means. */
    SLEEP(0x00),
    /** The client leaves; no response. */
    QUIT(0x01),
    /** Changes the default schema. */
    INIT_DB(0x02),
    /** SQL text. */
    QUERY(0x03),
    /** Columns of a table, deprecated. */
    FIELD_LIST(0x04),
    /** Removed, 1047. */
    CREATE_DB(0x05),
    /** Removed, 1047. */
    DROP_DB(0x06),
    /** FLUSH; 1047 since 9.0. */
    REFRESH(0x07),
    /** Removed, 1047. */
    SHUTDOWN(0x08),
    /** Answered by one raw string. */
    STATISTICS(0x09),
    /** SHOW PROCESSLIST; 1047 since 9.0. */
    PROCESS_INFO(0x0a),
    /** Internal, 1047. */
    CONNECT(0x0b),
    /** KILL id; 1047 since 9.0. */
    PROCESS_KILL(0x0c),
    /** Dumps state to the server's log. */
    DEBUG(0x0d),
    /** Answered OK; carries pending session trackers. */
    PING(0x0e),
    /** Internal, 1047. */
    TIME(0x0f),
    /** Internal, 1047. */
    DELAYED_INSERT(0x10),
    /** Logs in anew on the same connection. */
    CHANGE_USER(0x11),
    /** The connection becomes a replication stream. */
    BINLOG_DUMP(0x12),
    /** Removed, 1047. */
    TABLE_DUMP(0x13),
    /** Internal, 1047. */
    CONNECT_OUT(0x14),
    /** A replica introduces itself. */
    REGISTER_SLAVE(0x15),
    /** Prepares a statement. */
    STMT_PREPARE(0x16),
    /** Runs a prepared statement. */
    STMT_EXECUTE(0x17),
    /** A piece of a parameter; no response, even on error. */
    STMT_SEND_LONG_DATA(0x18),
    /** Forgets a prepared statement; no response. */
    STMT_CLOSE(0x19),
    /** Closes a cursor, drops long data. */
    STMT_RESET(0x1a),
    /** Multi statements on or off. */
    SET_OPTION(0x1b),
    /** Rows of an open cursor. */
    STMT_FETCH(0x1c),
    /** Internal, 1047. */
    DAEMON(0x1d),
    /** The connection becomes a replication stream. */
    BINLOG_DUMP_GTID(0x1e),
    /** Session state back to defaults, same user. */
    RESET_CONNECTION(0x1f),
    /** The connection becomes a clone stream. */
    CLONE(0x20),
    /** The connection becomes a group replication stream. */
    SUBSCRIBE_GROUP_REPLICATION_STREAM(0x21),
    /** Any byte beyond the last command known here; servers answer 1047. */
    UNKNOWN(-1);

    private static final Command[] BY_CODE = new Command[256];

    static {
        Arrays.fill(BY_CODE, UNKNOWN);
        for (Command command : values()) {
            if (command != UNKNOWN) {
                BY_CODE[command.code] = command;
            }
        }
    }

    private final int code;

    Command(int code) {
        this.code = code;
    }

    /** The command's byte on the wire; -1 for {@link #UNKNOWN}. */
    public int code() {
        return code;
    }

    /**
     * The command that {@code code} names.
     *
     * @param code an unsigned byte
     */
    public static Command of(int code) {
        return BY_CODE[code & 0xFF];
    }
}
