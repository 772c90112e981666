package io.moha.bench.load;

import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.Machine;
import io.moha.bench.report.ResultsFile;
import io.moha.protocol.base.WallClock;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every measurement that starts its own servers. */
final class FixtureOptions {

    // One heap size and one collector for all JVMs, or their CPU time would not compare.
    private static final String JVM_FLAGS =
            "-XX:+UseSerialGC -Xms256m -Xmx256m --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow";

    @Spec(Spec.Target.MIXEE)
    @Nullable CommandSpec spec;

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
            names = "--relay-options",
            defaultValue = "",
            description = "further options of the bare relay")
    String relayOptions = "";

    @Option(names = "--results", description = "markdown file whose section is replaced")
    @Nullable Path results;

    @Option(names = "--section", description = "name of that section")
    @Nullable String section;

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
        return new PeerStarter(processes, mysql, Jvm.withFlags(jvmFlags), relayOptions, basePort);
    }

    /** Shows {@code body} under a heading and stores it when a results file is given. */
    void publish(String name, String title, String body) {
        String text = "## " + title + "\n\n" + circumstances() + "\n" + body;
        out(text);
        if (results != null) {
            new ResultsFile(results).write(section == null ? name : section, text);
        }
    }

    /** Prints one line of progress. */
    void out(String line) {
        CommandSpec command = spec;
        if (command != null) {
            command.commandLine().getOut().println(line);
            command.commandLine().getOut().flush();
        }
    }

    private String circumstances() {
        return """
        - %s, on %s
        - Java %s, %s; %s; %s; %s
        - JVM flags of relay and proxy: `%s`
        - command: `bench/run %s`
        """
                .formatted(
                        DateTimeFormatter.ISO_LOCAL_DATE.format(
                                WallClock.system().now().atOffset(ZoneOffset.UTC)),
                        Machine.describe(),
                        Machine.java(),
                        Machine.firstLineOf(mysqlHome() + "/bin/mysqld", "--version")
                                .replaceFirst(".*Ver", "mysqld"),
                        Machine.firstLineOf("haproxy", "-v").replaceFirst(" - .*", ""),
                        Machine.firstLineOf("sysbench", "--version"),
                        Machine.firstLineOf("etcd", "--version"),
                        jvmFlags,
                        commandLine());
    }

    private String commandLine() {
        CommandSpec command = spec;
        if (command == null) {
            return "";
        }
        List<String> arguments = command.root().commandLine().getParseResult().originalArgs();
        return String.join(" ", arguments);
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
