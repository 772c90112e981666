package io.moha.agent.mysql;

import com.mysql.cj.exceptions.CJCommunicationsException;
import io.moha.agent.mysql.MysqlException.Kind;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** Says whose fault an SQLException is. */
final class SqlFailures {

    // Numbers of the server's error reference (MY-00nnnn).
    static final int NO_SUCH_TABLE = 1146;
    static final int UNKNOWN_DATABASE = 1049;
    static final int NO_SUCH_THREAD = 1094;
    static final int UNKNOWN_VARIABLE = 1193;
    static final int XA_DENIED = 1401; // ER_XAER_RMERR: XA RECOVER without XA_RECOVER_ADMIN
    static final int LOCK_WAIT_TIMEOUT = 1205;
    static final int QUERY_INTERRUPTED = 1317;

    private static final Set<Integer> CONFIG =
            Set.of(
                    1044, // ER_DBACCESS_DENIED_ERROR
                    1045, // ER_ACCESS_DENIED_ERROR
                    1142, // ER_TABLEACCESS_DENIED_ERROR
                    1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR
                    1524, // ER_PLUGIN_IS_NOT_LOADED: an authentication plugin
                    1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
                    1820, // ER_MUST_CHANGE_PASSWORD
                    1862, // ER_MUST_CHANGE_PASSWORD_LOGIN
                    3118, // ER_ACCOUNT_HAS_BEEN_LOCKED
                    3159); // ER_SECURE_TRANSPORT_REQUIRED
    private static final Set<Integer> SATURATED =
            Set.of(
                    1040, // ER_CON_COUNT_ERROR
                    1203, // ER_TOO_MANY_USER_CONNECTIONS
                    1226); // ER_USER_LIMIT_REACHED
    private static final int SERVER_SHUTDOWN = 1053;

    private static final Set<Integer> TURNED_AWAY =
            Set.of(
                    1045, // ER_ACCESS_DENIED_ERROR
                    3118); // ER_ACCOUNT_HAS_BEEN_LOCKED

    private SqlFailures() {}

    /** Whether a login that failed with {@code code} may succeed once its account is right. */
    static boolean isTurnedAway(int code) {
        return TURNED_AWAY.contains(code);
    }

    /** What {@code failure} means, with {@code what} was tried, for people. */
    static MysqlException translate(String what, SQLException failure) {
        return new MysqlException(kind(failure), what + ": " + text(failure), failure);
    }

    /** Whether the connection is of no more use. */
    static boolean breaksConnection(SQLException failure) {
        Kind kind = kind(failure);
        return kind == Kind.UNREACHABLE || (kind == Kind.TIMEOUT && failure.getErrorCode() == 0);
    }

    static Kind kind(SQLException failure) {
        int code = failure.getErrorCode();
        if (CONFIG.contains(code)) {
            return Kind.CONFIG;
        }
        if (SATURATED.contains(code)) {
            return Kind.SATURATED;
        }
        if (code == LOCK_WAIT_TIMEOUT) {
            return Kind.TIMEOUT;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException || cause instanceof SQLTimeoutException) {
                return Kind.TIMEOUT;
            }
            if (cause instanceof javax.net.ssl.SSLException) {
                return Kind.CONFIG;
            }
        }
        String state = failure.getSQLState();
        boolean lost =
                code == SERVER_SHUTDOWN
                        || (state != null && state.startsWith("08"))
                        || failure.getCause() instanceof CJCommunicationsException;
        return lost ? Kind.UNREACHABLE : Kind.REFUSED;
    }

    private static String text(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end).strip();
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return failure.getErrorCode() == 0 && !root.equals(failure)
                ? line + " (" + root + ")"
                : line;
    }
}
