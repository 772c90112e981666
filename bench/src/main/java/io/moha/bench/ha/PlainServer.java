package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A mysqld without agent and guard that is set up as one of a demo. */
final class PlainServer {

    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final int ADMIN_PORTS = 10;
    // Settings that the demo's agents change while a server runs, beside those of its own file.
    private static final String TUNED =
            "VARIABLE_NAME REGEXP '^(rpl_semi_sync|sync_|replica_net|rpl_stop|binlog_order"
                    + "|innodb_flush_log)'";

    private final ManagedProcess process;
    private final int port;
    private final DemoFile.Account root;

    private PlainServer(ManagedProcess process, int port, DemoFile.Account root) {
        this.process = process;
        this.port = port;
        this.root = root;
    }

    /**
     * Makes a server from nothing and starts it by the command line of the demo's {@code model},
     * with a copy of its option file.
     *
     * @param port for its clients; the one for its administration is 10 higher
     */
    static PlainServer start(
            ProcessStack processes, DemoCluster cluster, DemoFile.Node model, int port) {
        Path directory = processes.directory().resolve("plain-" + model.id());
        List<String> command = command(cluster.pid(model.mysqldPidFile()));
        String option =
                command.stream()
                        .filter(word -> word.startsWith("--defaults-file="))
                        .findFirst()
                        .orElseThrow(() -> new BenchException("no option file in " + command));
        delete(directory);
        Path theirs = Path.of(option.substring(option.indexOf('=') + 1));
        Path ours = directory.resolve("my.cnf");
        List<String> own = new ArrayList<>(command);
        own.set(own.indexOf(option), "--defaults-file=" + ours);
        DemoFile.Accounts accounts = cluster.file().accounts();
        write(ours, options(read(theirs), directory, port));
        write(directory.resolve("init.sql"), initSql(accounts));
        initialize(processes, own, directory, model.id());
        ManagedProcess process = processes.start("plain-" + model.id(), own);
        process.awaitPort(port, START_BOUND);
        return new PlainServer(process, port, accounts.root());
    }

    /** Where it accepts clients. */
    int port() {
        return port;
    }

    /** Its process id. */
    long pid() {
        return process.pid();
    }

    /** Sets what agents set on {@code model} while it runs. */
    void tuneAs(DemoFile.Node model) {
        Map<String, String> wanted = tuned(model.mysqlPort());
        Map<String, String> present = tuned(port);
        wanted.forEach(
                (name, value) -> {
                    if (!value.equals(present.get(name))) {
                        String literal = value.matches("-?\\d+") ? value : "'" + value + "'";
                        execute("SET GLOBAL " + name + " = " + literal);
                    }
                });
    }

    /** Runs {@code statements} as root. */
    void execute(String... statements) {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchException("plain server " + port + ": " + e.getMessage(), e);
        }
    }

    /** Forgets what was executed while it was made, which its replicas have of their own. */
    void forgetOrigin() {
        boolean old = text("SELECT @@version").startsWith("8.0.");
        execute(
                "SET GLOBAL super_read_only = OFF",
                old ? "RESET MASTER" : "RESET BINARY LOGS AND GTIDS",
                "SET GLOBAL super_read_only = ON");
    }

    /** How many semi-sync replicas it has. */
    int semiSyncClients() {
        return Integer.parseInt(
                text(
                        "SELECT VARIABLE_VALUE FROM performance_schema.global_status"
                                + " WHERE VARIABLE_NAME = 'Rpl_semi_sync_source_clients'"));
    }

    /** Whether its applier runs, which an error would have ended. */
    boolean applies() {
        return text("SELECT COUNT(*) FROM performance_schema.replication_applier_status"
                        + " WHERE SERVICE_STATE = 'ON'")
                .equals("1");
    }

    private String text(String sql) {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new BenchException("plain server " + port + ": " + e.getMessage(), e);
        }
    }

    private Map<String, String> tuned(int ofPort) {
        Map<String, String> values = new TreeMap<>();
        try (Connection connection = connect(ofPort);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT VARIABLE_NAME, VARIABLE_VALUE"
                                        + " FROM performance_schema.global_variables WHERE "
                                        + TUNED)) {
            while (rows.next()) {
                values.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new BenchException("server " + ofPort + ": " + e.getMessage(), e);
        }
        return values;
    }

    private Connection connect(int toPort) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:%d/mysql?%s"
                        .formatted(toPort, WriteShape.TEXT.driverOptions()),
                root.user(),
                root.password());
    }

    private static void initialize(
            ProcessStack processes, List<String> command, Path directory, String id) {
        List<String> words = new ArrayList<>(command);
        // What loads plugins comes too early for a server that has no tables yet.
        words.removeIf(word -> word.contains("plugin"));
        words.addAll(
                List.of(
                        "--initialize-insecure",
                        "--super-read-only=OFF",
                        "--read-only=OFF",
                        "--init-file=" + directory.resolve("init.sql")));
        ManagedProcess process = processes.start("plain-initialize-" + id, words);
        process.awaitSuccess(START_BOUND);
        processes.stop(process);
    }

    private static List<String> command(long pid) {
        return List.of(read(Path.of("/proc", Long.toString(pid), "cmdline")).split("\0", -1))
                .stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String options(String theirs, Path directory, int port) {
        return theirs.replaceAll("(?m)^port = .*$", "port = " + port)
                .replaceAll("(?m)^report_port = .*$", "report_port = " + port)
                .replaceAll("(?m)^admin_port = .*$", "admin_port = " + (port + ADMIN_PORTS))
                .replaceAll("(?m)^datadir = .*$", "datadir = " + directory.resolve("data"))
                .replaceAll("(?m)^socket = .*$", "socket = " + directory.resolve("mysqld.sock"))
                .replaceAll("(?m)^pid_file = .*$", "pid_file = " + directory.resolve("pid"))
                .replaceAll("(?m)^log_error = .*$", "log_error = " + directory.resolve("log"));
    }

    private static String initSql(DemoFile.Accounts accounts) {
        return """
        CREATE USER '%1$s'@'%%' IDENTIFIED BY '%2$s';
        GRANT ALL ON *.* TO '%1$s'@'%%' WITH GRANT OPTION;
        CREATE USER '%3$s'@'%%' IDENTIFIED BY '%4$s';
        GRANT ALL ON *.* TO '%3$s'@'%%';
        CREATE DATABASE sbtest;
        """
                .formatted(
                        accounts.root().user(),
                        accounts.root().password(),
                        accounts.app().user(),
                        accounts.app().password());
    }

    /** Deletes what an earlier measurement left. */
    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new BenchException("cannot delete " + directory, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BenchException("cannot read " + file, e);
        }
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
