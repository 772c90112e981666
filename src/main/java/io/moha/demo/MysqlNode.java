package io.moha.demo;

import io.moha.provision.DatadirSeed;
import io.moha.provision.FileTree;
import io.moha.provision.MysqlHome;
import io.moha.provision.ProvisionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * One MySQL server with its files: {@code my.cnf}, log, pid file and data directory in one folder.
 * Who starts it, an agent's guard or a test, is not its business.
 *
 * @param home the program
 * @param id of the node, for example n1
 * @param directory of its files, absolute
 * @param serverId unique in the cluster, from 1
 * @param port for clients, on 127.0.0.1
 * @param adminPort for the agent when all connections are used up, on 127.0.0.1
 */
public record MysqlNode(
        MysqlHome home, String id, Path directory, int serverId, int port, int adminPort) {

    /** A Unix socket's path has 108 bytes with the final zero. */
    private static final int LONGEST_SOCKET_PATH = 107;

    /** What every node of a cluster is set up with; settings an operator would copy. */
    private static final String SETTINGS =
            """
            [mysqld]
            # One position for the whole cluster: everything in moha compares GTID sets.
            gtid_mode = ON
            enforce_gtid_consistency = ON
            log_bin = binlog
            log_replica_updates = ON
            # A commit is on this server's disk before a replica sees it.
            sync_binlog = 1
            innodb_flush_log_at_trx_commit = 1
            # The relay log may hold the only copy of an acknowledged commit: it is synced at each
            # event and never thrown away at a start.
            relay_log = relay
            relay_log_recovery = OFF
            sync_relay_log = 1
            replica_parallel_workers = 4
            replica_preserve_commit_order = ON
            # A server that starts has to be told what it is before it does anything.
            skip_replica_start = ON
            read_only = ON
            super_read_only = ON
            # Clients are known by their account, not by a name their address may have.
            skip_name_resolve = ON
            bind_address = 127.0.0.1
            admin_address = 127.0.0.1
            create_admin_listener_thread = ON
            mysqlx = OFF
            max_connections = 1000
            # A demo shares its machine.
            innodb_buffer_pool_size = 128M
            innodb_redo_log_capacity = 128M
            performance_schema = ON
            performance_schema_digests_size = 1000
            performance_schema_events_statements_history_long_size = 100
            performance_schema_events_stages_history_long_size = 100
            performance_schema_events_waits_history_long_size = 100
            performance_schema_events_transactions_history_long_size = 100
            secure_file_priv = NULL
            log_error_verbosity = 3
            """;

    /** The data directory. */
    public Path datadir() {
        return directory.resolve("data");
    }

    /** The option file. */
    public Path optionFile() {
        return directory.resolve("my.cnf");
    }

    /** Holds mysqld's pid while it runs; mysqld writes it. */
    public Path pidFile() {
        return directory.resolve("mysqld.pid");
    }

    /** The error log. */
    public Path log() {
        return directory.resolve("mysqld.log");
    }

    /** The Unix socket: in the node's folder, or in a short place when that path is too long. */
    public Path socket() {
        Path near = directory.resolve("mysqld.sock");
        if (near.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH - 5) {
            return near;
        }
        CRC32 hash = new CRC32();
        hash.update(directory.toString().getBytes(StandardCharsets.UTF_8));
        return Path.of(
                System.getProperty("java.io.tmpdir", "/tmp"),
                "moha-" + Long.toHexString(hash.getValue()) + "-" + id + ".sock");
    }

    /** host:port for clients. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Starts mysqld. */
    public List<String> command() {
        return List.of(home.mysqld().toString(), "--defaults-file=" + optionFile());
    }

    /** Writes the option file, and the data directory from {@code seed} when there is none. */
    public void prepare(DatadirSeed seed) throws IOException, ProvisionException {
        Files.createDirectories(directory);
        if (!Files.isDirectory(datadir())) {
            Path beside = directory.resolve(".data.new");
            FileTree.delete(beside);
            seed.copyTo(beside);
            Files.move(beside, datadir());
        }
        Files.deleteIfExists(pidFile());
        writeOptions("");
    }

    /** Writes the option file, ending in the lines {@code more}. */
    public void writeOptions(String more) throws IOException {
        Files.createDirectories(directory);
        String user = System.getProperty("user.name", "").equals("root") ? "user = root\n" : "";
        Files.writeString(
                optionFile(),
                SETTINGS
                        + user
                        + """
                        server_id = %d
                        port = %d
                        admin_port = %d
                        report_host = 127.0.0.1
                        report_port = %d
                        datadir = %s
                        socket = %s
                        pid_file = %s
                        log_error = %s
                        """
                                .formatted(
                                        serverId, port, adminPort, port, datadir(), socket(),
                                        pidFile(), log())
                        + more);
    }

    /** For a test that runs mysqld itself, without agent or guard. */
    public ServerProcess.Plan plan() {
        return new ServerProcess.Plan(
                "mysqld " + id,
                command(),
                Map.of(),
                directory,
                directory.resolve("mysqld.out"),
                directory.resolve("process.pid"));
    }
}
