package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessStack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs sysbench 1.0 against one port of the loopback address. */
public final class Sysbench {

    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final String READ_WRITE = "read_write_errors.lua";
    private static final List<String> SCRIPTS = List.of("rows.lua", "reconnect.lua", READ_WRITE);

    /** How sysbench sends its statements. */
    public enum Statements {
        /** Prepared on the server, as sysbench does by default. */
        PREPARED,

        /** As text, which needs nothing to be made again where connections are lost. */
        PLAIN
    }

    private final ProcessStack processes;
    private final Account account;
    private final int tableSize;

    /** sysbench that logs in as {@code account} and works on a table of {@code tableSize} rows. */
    public Sysbench(ProcessStack processes, Account account, int tableSize) {
        this.processes = processes;
        this.account = account;
        this.tableSize = tableSize;
        SCRIPTS.forEach(this::unpack);
    }

    /** Creates and fills the table through {@code port}. */
    public void prepare(int port) {
        List<String> command = command("oltp_point_select", port);
        command.add("prepare");
        execute("sysbench-prepare", command, GRACE);
    }

    /** Does {@code workload} through {@code port} with {@code threads} connections. */
    public SysbenchReport run(Workload workload, int port, int threads, Duration duration) {
        List<String> command = command(script(workload), port);
        command.addAll(workload.options());
        if (workload.tls()) {
            // sysbench reads cacert.pem, client-cert.pem and client-key.pem where it is started.
            command.add("--mysql-ssl=on");
        }
        command.add("--threads=" + threads);
        command.add("--time=" + duration.toSeconds());
        command.add("--histogram=on");
        command.add("run");
        return SysbenchReport.parse(execute("sysbench", command, duration.plus(GRACE)));
    }

    /** Starts read-write transactions through {@code port} in the background. */
    public SysbenchLoad startReadWrite(int port, int threads, Statements statements) {
        List<String> command = command(processes.directory().resolve(READ_WRITE).toString(), port);
        if (statements == Statements.PLAIN) {
            command.add("--db-ps-mode=disable");
        }
        return SysbenchLoad.start(processes, command, threads);
    }

    private List<String> command(String script, int port) {
        return new ArrayList<>(
                List.of(
                        "sysbench",
                        script,
                        "--db-driver=mysql",
                        "--mysql-host=127.0.0.1",
                        "--mysql-port=" + port,
                        "--mysql-user=" + account.user(),
                        "--mysql-password=" + account.password(),
                        "--table-size=" + tableSize));
    }

    private String execute(String name, List<String> command, Duration bound) {
        ManagedProcess process = processes.start(name, command);
        try {
            process.awaitSuccess(bound);
            return Files.readString(processes.directory().resolve(name + ".log"));
        } catch (IOException e) {
            throw new BenchException("cannot read what " + name + " printed", e);
        } finally {
            processes.stop(process);
        }
    }

    private String script(Workload workload) {
        return SCRIPTS.contains(workload.script())
                ? processes.directory().resolve(workload.script()).toString()
                : workload.script();
    }

    private void unpack(String script) {
        Path target = processes.directory().resolve(script);
        try (InputStream source = Sysbench.class.getResourceAsStream(script)) {
            if (source == null) {
                throw new BenchException("missing from the class path: " + script);
            }
            Files.createDirectories(processes.directory());
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BenchException("cannot write " + target, e);
        }
    }
}
