package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many logged-in connections to one port, kept open. */
final class HeldConnections implements AutoCloseable {

    private static final int LOGIN_THREADS = 8;

    private final String url;
    private final List<Connection> open = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService workers = Executors.newFixedThreadPool(LOGIN_THREADS);

    /** None yet; they will go to {@code port}, with TLS if {@code tls}. */
    HeldConnections(int port, boolean tls) {
        this.url =
                "jdbc:mysql://127.0.0.1:%d/sbtest?sslMode=%s&allowPublicKeyRetrieval=true"
                        .formatted(port, tls ? "REQUIRED" : "DISABLED");
    }

    /** Opens {@code count} more. */
    void open(int count) {
        List<Callable<Void>> logins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logins.add(
                    () -> {
                        Account account = MysqlFixture.ACCOUNT;
                        open.add(
                                DriverManager.getConnection(
                                        url, account.user(), account.password()));
                        return null;
                    });
        }
        doAll(logins);
    }

    /** Runs one query on each, one after the other. */
    void queryEach() {
        for (Connection connection : List.copyOf(open)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            } catch (SQLException e) {
                throw new BenchException("an idle connection was lost", e);
            }
        }
    }

    /** Closes them all, politely. */
    @Override
    public void close() {
        List<Callable<Void>> closings = new ArrayList<>();
        for (Connection connection : List.copyOf(open)) {
            closings.add(
                    () -> {
                        connection.close();
                        return null;
                    });
        }
        doAll(closings);
        workers.shutdown();
    }

    private void doAll(List<Callable<Void>> tasks) {
        try {
            for (Future<Void> done : workers.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new BenchException("cannot hold connections: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
