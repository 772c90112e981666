package io.moha.bench.ha;

import io.moha.bench.load.Account;
import io.moha.bench.load.Sysbench;
import io.moha.bench.load.SysbenchLoad;
import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ProcessStack;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of the measurements that let sysbench work on a running cluster. */
final class SysbenchOptions {

    @Option(
            names = "--sysbench-threads",
            defaultValue = "16",
            description = "its connections; default ${DEFAULT-VALUE}")
    int threads = 16;

    @Option(
            names = "--sysbench-rows",
            defaultValue = "100000",
            description = "rows of its table; default ${DEFAULT-VALUE}")
    int rows = 100_000;

    @Option(
            names = "--dir",
            defaultValue = "/dev/shm/moha-bench",
            description = "logs; default ${DEFAULT-VALUE}")
    Path directory = Path.of("/dev/shm/moha-bench");

    /** An empty process stack for this run. */
    ProcessStack processes() {
        return new ProcessStack(directory.toAbsolutePath(), -1);
    }

    /** sysbench as the application of {@code cluster}, its table filled. */
    Sysbench prepared(ProcessStack processes, DemoCluster cluster) {
        DemoFile.Account app = cluster.file().accounts().app();
        Sysbench sysbench = new Sysbench(processes, new Account(app.user(), app.password()), rows);
        if (!hasTable(cluster)) {
            sysbench.prepare(cluster.writePort());
        }
        return sysbench;
    }

    /** Starts read-write transactions through the write port. */
    SysbenchLoad start(
            ProcessStack processes, DemoCluster cluster, Sysbench.Statements statements) {
        return prepared(processes, cluster)
                .startReadWrite(cluster.writePort(), threads, statements);
    }

    /** What sysbench does, in one line. */
    String describe(Sysbench.Statements statements) {
        return "sysbench oltp_read_write, %s statements, %d threads, %d rows"
                .formatted(statements.name().toLowerCase(Locale.ROOT), threads, rows);
    }

    private static boolean hasTable(DemoCluster cluster) {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE IF NOT EXISTS sbtest");
            try (ResultSet tables =
                    statement.executeQuery(
                            "SELECT COUNT(*) FROM information_schema.tables"
                                    + " WHERE table_schema = 'sbtest' AND table_name = 'sbtest1'")) {
                tables.next();
                return tables.getInt(1) > 0;
            }
        } catch (SQLException e) {
            throw new BenchException("cannot prepare sysbench's schema: " + e.getMessage(), e);
        }
    }
}
