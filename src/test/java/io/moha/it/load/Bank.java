package io.moha.it.load;

import io.moha.it.fixture.Application;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Applications that move money between accounts and others that count it. Whatever happens, nobody
 * may ever see another sum.
 */
public final class Bank implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int ACCOUNTS = 16;
    private static final long EACH = 1000;
    private static final int TELLERS = 2;

    /** How a counting application connects. */
    public interface Entrance {
        /** A connection, which the caller closes. */
        Connection open() throws SQLException;
    }

    private final Application cluster;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong transfers = new AtomicLong();
    private final AtomicLong counts = new AtomicLong();
    private volatile boolean stopping;

    private Bank(Application cluster) {
        this.cluster = cluster;
    }

    /** Opens the accounts and starts moving; counts through each of {@code entrances}. */
    public static Bank start(Application cluster, List<Entrance> entrances) throws SQLException {
        Bank bank = new Bank(cluster);
        try (Connection connection = cluster.rw("mysql", "");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS accounts (id INT PRIMARY KEY, money BIGINT)");
            for (int i = 0; i < ACCOUNTS; i++) {
                statement.execute("INSERT IGNORE INTO accounts VALUES (" + i + ", " + EACH + ")");
            }
        }
        for (int i = 0; i < TELLERS; i++) {
            long seed = i;
            bank.thread("teller-" + i, () -> bank.move(new SplittableRandom(seed)));
        }
        for (Entrance entrance : entrances) {
            bank.thread("auditor", () -> bank.count(entrance));
        }
        return bank;
    }

    private void thread(String name, Runnable body) {
        threads.add(Thread.ofPlatform().name(name).daemon(true).start(body));
    }

    private void move(SplittableRandom random) {
        while (!stopping) {
            try (Connection connection = cluster.rw("mysql", "")) {
                connection.setAutoCommit(false);
                while (!stopping) {
                    transfer(connection, random);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (SQLException e) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void transfer(Connection connection, SplittableRandom random) throws SQLException {
        int from = random.nextInt(ACCOUNTS);
        int to = random.nextInt(ACCOUNTS);
        int amount = random.nextInt(50);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE accounts SET money = money - " + amount + " WHERE id = " + from);
            statement.execute(
                    "UPDATE accounts SET money = money + " + amount + " WHERE id = " + to);
            connection.commit();
            transfers.incrementAndGet();
        } catch (SQLException e) {
            if (!connection.isValid(30)) {
                throw e;
            }
            connection.rollback();
        }
    }

    private void count(Entrance entrance) {
        while (!stopping) {
            try (Connection connection = entrance.open()) {
                while (!stopping) {
                    look(connection);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (SQLException e) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void look(Connection connection) throws SQLException {
        String sum = sum(connection);
        counts.incrementAndGet();
        if (!sum.equals(right())) {
            wrong.add(sum);
        }
    }

    private static String right() {
        return ACCOUNTS + " accounts, " + ACCOUNTS * EACH;
    }

    private static String sum(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT COUNT(*), SUM(money) FROM accounts")) {
            row.next();
            return row.getLong(1) + " accounts, " + row.getLong(2);
        }
    }

    /** Stops, and waits until everybody has. */
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

    /** Fails when somebody saw a wrong sum, or {@code hostPort} has one. */
    public void assertBalanced(String hostPort) throws SQLException {
        try (Connection connection = cluster.app("mysql", hostPort, "")) {
            String now = sum(connection);
            if (!wrong.isEmpty() || !now.equals(right())) {
                throw new AssertionError(
                        "sums seen: " + wrong + ", at the end on " + hostPort + ": " + now);
            }
        }
    }

    /** What happened, for people. */
    public String summary() {
        return transfers + " transfers, counted " + counts + " times";
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
    }
}
