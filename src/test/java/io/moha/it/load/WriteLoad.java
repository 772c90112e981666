package io.moha.it.load;

import io.moha.it.fixture.Application;
import io.moha.it.fixture.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Applications that write through the proxy, some with one statement a write and some with
 * transactions of two, over both JDBC drivers. Every acknowledged write is remembered; whatever
 * fails is counted by kind, and the application goes on, on the same connection as long as that is
 * valid.
 */
public final class WriteLoad implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int WRITERS = 6;

    private final Application cluster;
    private final Duration pause;
    private final AtomicLong ids = new AtomicLong();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final ConcurrentMap<String, Integer> errors = new ConcurrentHashMap<>();
    private final AtomicLong lastAcknowledged = new AtomicLong(System.nanoTime());
    private final AtomicLong longestPause = new AtomicLong();
    private final AtomicLong reconnects = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private WriteLoad(Application cluster, Duration pause) {
        this.cluster = cluster;
        this.pause = pause;
    }

    /** Starts writing into a new table, and returns when the first writes were acknowledged. */
    public static WriteLoad start(Application cluster) throws SQLException {
        return start(cluster, WRITERS, PAUSE);
    }

    /** The same with so many {@code writers}, each of which pauses between writes. */
    public static WriteLoad start(Application cluster, int writers, Duration pause)
            throws SQLException {
        WriteLoad load = new WriteLoad(cluster, pause);
        try (Connection connection = cluster.rw("mysql", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS writes");
            statement.execute(
                    "CREATE TABLE writes (id BIGINT PRIMARY KEY, pair BIGINT, v VARCHAR(100))");
        }
        for (int i = 0; i < writers; i++) {
            String scheme = i % 2 == 0 ? "mysql" : "mariadb";
            boolean pairs = i >= writers / 2;
            load.threads.add(
                    Thread.ofPlatform()
                            .name("writer-" + i)
                            .daemon(true)
                            .start(() -> load.write(scheme, pairs)));
        }
        load.awaitProgress(100, Duration.ofSeconds(60));
        return load;
    }

    /** Waits until {@code writes} more writes were acknowledged. */
    public void awaitProgress(int writes, Duration bound) {
        int goal = acknowledged.size() + writes;
        try {
            Await.until(writes + " more writes", bound, () -> acknowledged.size() >= goal);
        } catch (AssertionError e) {
            throw new AssertionError("errors so far " + errors, e);
        }
    }

    private void write(String scheme, boolean pairs) {
        while (!stopping) {
            try (Connection connection = cluster.rw(scheme, "")) {
                connection.setAutoCommit(!pairs);
                writeOn(connection, pairs);
            } catch (SQLException e) {
                count("connect", e);
                pause();
            }
            reconnects.incrementAndGet();
        }
    }

    private void writeOn(Connection connection, boolean pairs) throws SQLException {
        while (!stopping) {
            try {
                if (pairs) {
                    writePair(connection);
                } else {
                    writeOne(connection);
                }
            } catch (SQLException e) {
                count(pairs ? "transaction" : "statement", e);
                if (!connection.isValid(30)) {
                    return;
                }
                if (pairs) {
                    connection.rollback();
                }
            }
            pause();
        }
    }

    private void writeOne(Connection connection) throws SQLException {
        long id = ids.incrementAndGet();
        insert(connection, id, 0);
        acknowledge(id);
    }

    private void writePair(Connection connection) throws SQLException {
        long first = ids.incrementAndGet();
        long second = ids.incrementAndGet();
        insert(connection, first, second);
        insert(connection, second, first);
        connection.commit();
        acknowledge(first);
        acknowledge(second);
    }

    private static void insert(Connection connection, long id, long pair) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO writes VALUES (?, ?, ?)")) {
            insert.setLong(1, id);
            insert.setLong(2, pair);
            insert.setString(3, "write number " + id);
            insert.executeUpdate();
        }
    }

    private void acknowledge(long id) {
        acknowledged.add(id);
        long now = System.nanoTime();
        longestPause.accumulateAndGet(now - lastAcknowledged.getAndSet(now), Math::max);
    }

    private void count(String doing, SQLException e) {
        errors.merge(doing + " " + e.getErrorCode() + "/" + e.getSQLState(), 1, Integer::sum);
    }

    private void pause() {
        LockSupport.parkNanos(pause.toNanos());
    }

    /** How often each error was seen: what the application did, then errno/SQL state. */
    public Map<String, Integer> errors() {
        return Map.copyOf(errors);
    }

    /** The longest time without an acknowledgement. */
    public Duration longestPause() {
        return Duration.ofNanos(longestPause.get());
    }

    /** Forgets the pauses until now, for {@link #longestPause} of what comes. */
    public void restartPauses() {
        lastAcknowledged.set(System.nanoTime());
        longestPause.set(0);
    }

    /** How long ago the last acknowledgement was. */
    public Duration sinceLastAcknowledged() {
        return Duration.ofNanos(System.nanoTime() - lastAcknowledged.get());
    }

    /** How many writes were acknowledged. */
    public int acknowledged() {
        return acknowledged.size();
    }

    /** Stops writing and waits for the writers. */
    public void stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofSeconds(60))) {
                    throw new AssertionError(thread.getName() + " hangs");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /**
     * Stops, and fails when an acknowledged write is missing on {@code hostPort}, or half of a
     * transaction is there.
     */
    public void assertNothingLost(String hostPort) throws SQLException {
        stop();
        Set<Long> found = new TreeSet<>();
        Set<Long> halves = new TreeSet<>();
        try (Connection connection = cluster.app("mysql", hostPort, "");
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT id FROM writes")) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT a.id FROM writes a LEFT JOIN writes b ON a.pair = b.id"
                                    + " WHERE a.pair <> 0 AND b.id IS NULL")) {
                while (row.next()) {
                    halves.add(row.getLong(1));
                }
            }
        }
        Set<Long> lost =
                acknowledged.stream()
                        .filter(id -> !found.contains(id))
                        .collect(Collectors.toCollection(TreeSet::new));
        if (!lost.isEmpty() || !halves.isEmpty()) {
            throw new AssertionError(
                    "of "
                            + acknowledged.size()
                            + " acknowledged writes lost "
                            + lost
                            + ", half transactions "
                            + halves);
        }
    }

    /** What happened, for people. */
    public String summary() {
        return acknowledged.size()
                + " writes acknowledged, longest pause "
                + longestPause().toMillis()
                + " ms, "
                + (reconnects.get() - threads.size())
                + " reconnects, errors "
                + errors;
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
    }
}
