package io.moha.agent.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections that clients have to the server. */
final class Clients {

    private static final String SELECT =
            "SELECT PROCESSLIST_ID, PROCESSLIST_USER, PROCESSLIST_HOST, PROCESSLIST_COMMAND,"
                    + " PROCESSLIST_TIME, PROCESSLIST_INFO FROM performance_schema.threads"
                    + " WHERE PROCESSLIST_ID IS NOT NULL AND TYPE = 'FOREGROUND'"
                    + " AND PROCESSLIST_COMMAND NOT LIKE 'Binlog Dump%'"
                    + " AND PROCESSLIST_COMMAND <> 'Daemon'"
                    // Replication's own threads and the event scheduler are no clients.
                    + " AND COALESCE(PROCESSLIST_USER,'') NOT IN ('system user','event_scheduler')"
                    + " AND NAME LIKE 'thread/sql/one_connection'";

    private static final String TRANSACTIONS =
            "SELECT t.PROCESSLIST_ID FROM information_schema.innodb_trx x"
                    + " JOIN performance_schema.threads t"
                    + " ON t.PROCESSLIST_ID = x.trx_mysql_thread_id"
                    + " WHERE t.NAME='thread/sql/one_connection'";

    private final SqlLink link;

    Clients(SqlLink link) {
        this.link = link;
    }

    List<ClientConnection> list() throws MysqlException {
        return link.query(SELECT, Clients::read).stream()
                .filter(client -> !SqlLink.isOwn(client.id()))
                .toList();
    }

    void killTransactions() throws MysqlException {
        for (long id : link.query(TRANSACTIONS, row -> row.getLong(1))) {
            if (!SqlLink.isOwn(id)) {
                kill(id);
            }
        }
    }

    void killAll() throws MysqlException {
        for (ClientConnection client : list()) {
            kill(client.id());
        }
    }

    void kill(long id) throws MysqlException {
        try {
            link.execute("KILL CONNECTION " + id);
        } catch (MysqlException failure) {
            if (!(failure.getCause() instanceof SQLException sql)
                    || sql.getErrorCode() != SqlFailures.NO_SUCH_THREAD) {
                throw failure;
            }
        }
    }

    static ClientConnection read(ResultSet row) throws SQLException {
        return new ClientConnection(
                row.getLong(1),
                text(row.getString(2)),
                text(row.getString(3)),
                text(row.getString(4)),
                row.getLong(5),
                text(row.getString(6)));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
