package io.moha.bench.load;

import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.Machine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every measurement that starts its own servers. */
final class FixtureOptions {

    // One heap size and one collector for all JVMs, or their CPU time would not compare.
    private static final String JVM_FLAGS =
            "-XX:+UseSerialGC -Xms256m -Xmx256m --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow";

    @Option(
            names = "--dir",
            defaultValue = "/dev/shm/moha-bench",
            description = "data and logs; default ${DEFAULT-VALUE}")
    Path directory = Path.of("/dev/shm/moha-bench");

    @Option(
            names = "--base-port",
            defaultValue = "24000",
            description = "first of 40 free ports; default ${DEFAULT-VALUE}")
    int basePort = 24000;

    @Option(
            names = "--mysql-home",
            description = "directory with bin/mysqld; default MOHA_MYSQL_HOME, then ~/.cache/moha")
    @Nullable Path mysqlHome;

    @Option(
            names = "--pin",
            defaultValue = "-1",
            description = "bind server, proxies and clients to this one core")
    int core = -1;

    @Option(
            names = "--jvm",
            defaultValue = JVM_FLAGS,
            description = "flags of every measured JVM; default ${DEFAULT-VALUE}")
    String jvmFlags = JVM_FLAGS;

    @Option(
            names = "--launcher",
            description = "start the proxy with this moha script and its own flags, not with --jvm")
    @Nullable Path launcher;

    /** An empty process stack for this run. */
    ProcessStack processes() {
        return new ProcessStack(directory.toAbsolutePath(), core);
    }

    /** Starts the server. */
    MysqlFixture startMysql(ProcessStack processes) {
        return MysqlFixture.start(processes, mysqlHome(), basePort);
    }

    /** A starter of peers of {@code mysql}. */
    PeerStarter peerStarter(ProcessStack processes, MysqlFixture mysql) {
        return new PeerStarter(
                processes, mysql, Jvm.withFlags(jvmFlags), absolute(launcher), basePort);
    }

    /** Versions of what is measured, and the flags of the JVMs, in one line. */
    String versions() {
        return "%s; %s; %s; %s; flags of relay and proxy `%s`"
                .formatted(
                        Machine.firstLineOf(mysqlHome() + "/bin/mysqld", "--version")
                                .replaceFirst(".*Ver", "mysqld")
                                .replaceFirst(" for .*", ""),
                        Machine.firstLineOf("haproxy", "-v")
                                .replaceFirst("HAProxy version ([^ ]*).*", "HAProxy $1"),
                        Machine.firstLineOf("sysbench", "--version"),
                        Machine.firstLineOf("etcd", "--version").replace(" Version:", ""),
                        jvmFlags);
    }

    private static @Nullable Path absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath();
    }

    private Path mysqlHome() {
        Path given = mysqlHome;
        if (given != null) {
            return given;
        }
        String environment = System.getenv("MOHA_MYSQL_HOME");
        return environment == null
                ? Path.of(System.getProperty("user.home"), ".cache/moha/mysql-9.7")
                : Path.of(environment);
    }
}
