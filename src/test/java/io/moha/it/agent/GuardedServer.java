package io.moha.it.agent;

import io.moha.agent.guard.GuardClient;
import io.moha.agent.guard.GuardSettings;
import io.moha.agent.guard.GuardStatus.State;
import io.moha.agent.mysql.JdbcMysqlServer;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerAccess;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.MysqlUnderTest;
import io.moha.it.fixture.Ports;
import io.moha.it.fixture.WorkDir;
import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;
import io.moha.provision.DatadirSeed;
import io.moha.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One mysqld under its guard, as an agent has it. */
final class GuardedServer implements AutoCloseable {

    static final Duration BOUND = Duration.ofSeconds(30);
    private static final String ADMIN = "admin-secret";
    private static final String REPLICATION = "it's \\ a \"secret\"";

    static final List<String> ACCOUNTS =
            List.of(
                    "CREATE USER moha_admin@'%' IDENTIFIED BY '" + ADMIN + "'",
                    "GRANT ALL ON *.* TO moha_admin@'%' WITH GRANT OPTION",
                    "CREATE USER moha_repl@'%' IDENTIFIED BY 'it''s \\\\ a \"secret\"'",
                    "GRANT REPLICATION SLAVE ON *.* TO moha_repl@'%'",
                    "CREATE USER app@'%' IDENTIFIED BY 'app'",
                    "CREATE DATABASE app",
                    "GRANT ALL ON app.* TO app@'%'");

    private final int number;
    private final int port;
    private final GuardClient guard;
    private final JdbcMysqlServer server;

    /** Starts server {@code number} on a copy of {@code seed}; returns when it answers. */
    GuardedServer(MysqlUnderTest mysql, DatadirSeed seed, WorkDir work, int number)
            throws IOException, ProvisionException {
        Path directory = work.dir("n" + number);
        Path datadir = directory.resolve("data");
        seed.copyTo(datadir);
        this.number = number;
        port = Ports.free();
        guard =
                GuardClient.open(
                        new GuardSettings(
                                directory.resolve("guard"),
                                command(mysql, directory, datadir, number),
                                null));
        server = new JdbcMysqlServer(access(number, ADMIN, port));
        startMysqld();
    }

    private List<String> command(MysqlUnderTest mysql, Path directory, Path datadir, int number) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                mysql.home().mysqld().toString(),
                                "--no-defaults",
                                "--datadir=" + datadir,
                                "--port=" + port,
                                "--bind-address=127.0.0.1",
                                "--socket=" + directory.resolve("mysqld.sock"),
                                "--pid-file=" + directory.resolve("mysqld.pid"),
                                "--log-error=" + directory.resolve("error.log"),
                                "--mysqlx=OFF",
                                "--server-id=" + number,
                                "--gtid-mode=ON",
                                "--enforce-gtid-consistency=ON",
                                "--innodb-buffer-pool-size=32M",
                                "--innodb-redo-log-capacity=16M",
                                "--max-connections=20"));
        command.addAll(DatadirSeed.asThisUser());
        return command;
    }

    static ServerAccess access(int number, String password, int port) {
        return new ServerAccess(
                "n" + number,
                new HostPort("127.0.0.1", port),
                new ServerAccess.Account("moha_admin", Secret.of(password)),
                new ServerAccess.Account("moha_repl", Secret.of(REPLICATION)),
                new ServerAccess.Tls(null, true),
                ServerAccess.TIMEOUT);
    }

    /** Starts mysqld, which does not run, and prepares it. */
    void startMysqld() {
        guard.startMysqld();
        Await.until("mysqld answers", BOUND, () -> !server.look().serverUuid().isEmpty());
        Await.until(
                "mysqld is prepared",
                BOUND,
                () -> {
                    server.prepare();
                    return true;
                });
    }

    /** Kills mysqld and waits until it is gone. */
    void kill() {
        guard.kill(guard.status().epoch(), "test");
        if (!guard.await(status -> status.state() == State.DEAD, BOUND)) {
            throw new AssertionError("mysqld is not dead: " + guard.status());
        }
    }

    /** The id of the node that this would be. */
    String id() {
        return "n" + number;
    }

    int port() {
        return port;
    }

    GuardClient guard() {
        return guard;
    }

    MysqlServer server() {
        return server;
    }

    /** Another agent's thread, so to speak; the caller closes it. */
    MysqlServer anotherServer() {
        return new JdbcMysqlServer(access(number, ADMIN, port));
    }

    /** A client's connection, which the caller closes. */
    Connection client() throws SQLException {
        return connect("app", "app");
    }

    /** An operator's connection, which the caller closes. */
    Connection operator() throws SQLException {
        return connect("moha_admin", ADMIN);
    }

    private Connection connect(String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + port + "/app?allowPublicKeyRetrieval=true",
                user,
                password);
    }

    /** Executes each of {@code statements} as an operator. */
    void execute(String... statements) throws SQLException {
        try (Connection connection = operator();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        server.close();
        if (guard.status().state() == State.RUNNING) {
            guard.kill(guard.status().epoch(), "end of test");
            guard.await(status -> status.state() == State.DEAD, BOUND);
        }
        guard.shutdown(Duration.ofSeconds(1));
    }
}
