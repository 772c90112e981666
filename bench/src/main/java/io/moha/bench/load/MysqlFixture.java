package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A throw-away mysqld in memory, with one account and an empty schema for sysbench. */
final class MysqlFixture {

    /** Who sysbench logs in as. */
    static final Account ACCOUNT = new Account("sbtest", "sbtest-secret");

    private static final String SCHEMA = "sbtest";
    private static final Duration START_BOUND = Duration.ofSeconds(60);

    private final ManagedProcess server;
    private final int port;
    private final Path dataDirectory;

    private MysqlFixture(ManagedProcess server, int port, Path dataDirectory) {
        this.server = server;
        this.port = port;
        this.dataDirectory = dataDirectory;
    }

    /** Makes and starts a server of {@code mysqlHome} on {@code port}; returns once it accepts. */
    static MysqlFixture start(ProcessStack processes, Path mysqlHome, int port) {
        Path directory = processes.directory();
        Path data = directory.resolve("mysql-data");
        Path config = directory.resolve("my.cnf");
        write(config, config(directory, data, port));
        write(directory.resolve("init.sql"), initSql());
        if (!Files.exists(data.resolve("auto.cnf"))) {
            ManagedProcess initialize =
                    processes.start(
                            "mysqld-initialize",
                            mysqld(
                                    mysqlHome,
                                    config,
                                    "--initialize-insecure",
                                    "--init-file=" + directory.resolve("init.sql")));
            initialize.awaitSuccess(START_BOUND);
            processes.stop(initialize);
        }
        ManagedProcess server = processes.start("mysqld", mysqld(mysqlHome, config));
        server.awaitPort(port, START_BOUND);
        MysqlFixture fixture = new MysqlFixture(server, port, data);
        fixture.lendCertificates(directory);
        return fixture;
    }

    /** Where it accepts clients. */
    int port() {
        return port;
    }

    /** The process. */
    ManagedProcess server() {
        return server;
    }

    /** Its data directory, which also holds the certificates it made for itself. */
    Path dataDirectory() {
        return dataDirectory;
    }

    /** The number that {@code sql} gives. */
    long number(String sql) {
        try (Connection connection = connect();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new BenchException("cannot run " + sql, e);
        }
    }

    /** The text that {@code sql} gives. */
    String text(String sql) {
        try (Connection connection = connect();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new BenchException("cannot run " + sql, e);
        }
    }

    private Connection connect() throws SQLException {
        String url = "jdbc:mysql://127.0.0.1:" + port + "/" + SCHEMA;
        return DriverManager.getConnection(url, ACCOUNT.user(), ACCOUNT.password());
    }

    /** sysbench takes its TLS files from the directory it is started in, by fixed names. */
    private void lendCertificates(Path directory) {
        try {
            copy(dataDirectory.resolve("ca.pem"), directory.resolve("cacert.pem"));
            copy(dataDirectory.resolve("client-cert.pem"), directory.resolve("client-cert.pem"));
            copy(dataDirectory.resolve("client-key.pem"), directory.resolve("client-key.pem"));
        } catch (IOException e) {
            throw new BenchException("cannot copy the server's certificates", e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> mysqld(Path mysqlHome, Path config, String... options) {
        List<String> command = new ArrayList<>();
        command.add(mysqlHome.resolve("bin/mysqld").toString());
        command.add("--defaults-file=" + config);
        command.addAll(List.of(options));
        return command;
    }

    private static String config(Path directory, Path data, int port) {
        // Measured is the way to the server, so the server itself writes to memory only and does
        // not wait for a disk. Waiting for ports to open looks like aborted logins to it.
        return """
        [mysqld]
        user=%s
        datadir=%s
        socket=%s
        port=%d
        bind-address=127.0.0.1
        mysqlx=OFF
        innodb_buffer_pool_size=512M
        max_connections=6000
        max_connect_errors=1000000
        max_prepared_stmt_count=1000000
        back_log=4096
        """
                .formatted(
                        System.getProperty("user.name"),
                        data,
                        directory.resolve("mysql.sock"),
                        port);
    }

    private static String initSql() {
        return """
        CREATE SCHEMA %s;
        CREATE USER '%s'@'%%' IDENTIFIED WITH caching_sha2_password BY '%s';
        GRANT ALL ON *.* TO '%s'@'%%';
        """
                .formatted(SCHEMA, ACCOUNT.user(), ACCOUNT.password(), ACCOUNT.user());
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file, e);
        }
    }
}
