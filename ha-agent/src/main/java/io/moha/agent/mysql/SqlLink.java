package io.moha.agent.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the server, made when it is needed and dropped when it broke. Not thread-safe.
 */
final class SqlLink implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SqlLink.class);
    // Connections of this process, so that killing clients spares them. In all of the process,
    // because each thread has its own links.
    private static final Set<Long> OPEN = ConcurrentHashMap.newKeySet();

    private final ServerAccess access;
    private final ConnectionMaker maker;
    private @Nullable Connection connection;
    private long id;

    /** Reads one value out of a row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    SqlLink(ServerAccess access, ConnectionMaker maker) {
        this.access = access;
        this.maker = maker;
    }

    /** Whether {@code connectionId} belongs to this process. */
    static boolean isOwn(long connectionId) {
        return OPEN.contains(connectionId);
    }

    /** Another, independent link to the same server. */
    SqlLink another() {
        return new SqlLink(access, maker);
    }

    /** The rows of {@code sql}, each read by {@code reader}. */
    <T> List<T> query(String sql, RowReader<T> reader) throws MysqlException {
        return query(sql, access.timeout(), reader);
    }

    /** As {@link #query(String, RowReader)}, with a time limit of its own. */
    <T> List<T> query(String sql, Duration limit, RowReader<T> reader) throws MysqlException {
        try {
            Connection open = open(limit);
            try (Statement statement = open.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
                return found;
            }
        } catch (SQLException failure) {
            throw failed(sql, failure);
        }
    }

    /** The single row of {@code sql}. */
    <T> T one(String sql, RowReader<T> reader) throws MysqlException {
        return query(sql, reader).getFirst();
    }

    /** Executes {@code sql}, which may hold secrets: it never appears in a message. */
    void execute(String sql) throws MysqlException {
        execute(sql, access.timeout());
    }

    /** As {@link #execute(String)}, with a time limit of its own. */
    void execute(String sql, Duration limit) throws MysqlException {
        try {
            Connection open = open(limit);
            try (Statement statement = open.createStatement()) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw failed(sql, failure);
        }
    }

    /** The server's number for this connection; it is made if there is none. */
    long id() throws MysqlException {
        try {
            open(access.timeout());
            return id;
        } catch (SQLException failure) {
            throw failed("connecting", failure);
        }
    }

    /** Whether there is a connection that is not known to be broken. */
    boolean isOpen() {
        return connection != null;
    }

    /** Drops the connection without a word to the server. */
    void drop() {
        Connection open = connection;
        connection = null;
        OPEN.remove(id);
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException failure) {
                LOGGER.atDebug().setCause(failure).log("connection not aborted");
            }
        }
    }

    @Override
    public void close() {
        drop();
    }

    private Connection open(Duration limit) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = maker.connect();
            try (Statement statement = open.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT CONNECTION_ID()")) {
                rows.next();
                id = rows.getLong(1);
            } catch (SQLException failure) {
                open.abort(Runnable::run);
                throw failure;
            }
            OPEN.add(id);
            connection = open;
        }
        open.setNetworkTimeout(Runnable::run, Math.toIntExact(Math.max(1, limit.toMillis())));
        return open;
    }

    private MysqlException failed(String sql, SQLException failure) {
        if (SqlFailures.breaksConnection(failure)) {
            drop();
        }
        return SqlFailures.translate(SqlText.firstWords(sql), failure);
    }
}
