package io.moha.bench.load;

import io.moha.bench.proc.Await;
import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.PublishOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the memory of the proxies while many logged-in clients do nothing. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = "Resident memory of the proxies under idle connections.")
public final class IdleCommand implements Callable<Integer> {

    private static final double MEBIBYTE = 1024.0 * 1024.0;
    private static final Duration SETTLE = Duration.ofSeconds(2);

    @Mixin private FixtureOptions fixture = new FixtureOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "haproxy,relay,moha",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private List<PeerKind> peers = List.of();

    @Option(
            names = "--connections",
            defaultValue = "5000",
            description = "default ${DEFAULT-VALUE}")
    private int connections = 5000;

    @Option(names = "--tls", description = "clients use TLS")
    private boolean tls;

    /** Starts the servers, one peer after the other, and reports. */
    @Override
    public Integer call() {
        StringBuilder table =
                new StringBuilder(
                        """

                        | way | no client MiB | %1$d idle MiB | KiB a connection | %1$d after a query each MiB |
                        |---|---:|---:|---:|---:|
                        """
                                .formatted(connections));
        try (ProcessStack processes = fixture.processes()) {
            MysqlFixture mysql = fixture.startMysql(processes);
            PeerStarter starter = fixture.peerStarter(processes, mysql);
            for (Peer peer : starter.start(peers.stream().map(PeerSpec::plain).toList())) {
                table.append(measure(peer));
            }
            publish.publish(
                    tls ? "idle-tls" : "idle",
                    "Memory of idle connections" + (tls ? ", TLS to the client" : ""),
                    fixture.versions(),
                    table.toString());
        }
        return 0;
    }

    private String measure(Peer peer) {
        long before = settled(peer);
        try (HeldConnections held = new HeldConnections(peer.port(), tls)) {
            held.open(connections);
            long idle = settled(peer);
            publish.out(peer.name() + " holds " + connections);
            held.queryEach();
            long used = settled(peer);
            return String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %.1f | %.0f |%n",
                    peer.name(),
                    before / MEBIBYTE,
                    idle / MEBIBYTE,
                    (idle - before) / 1024.0 / connections,
                    used / MEBIBYTE);
        }
    }

    private static long settled(Peer peer) {
        if (peer.process() == null) {
            throw new BenchException("the direct way has no process whose memory could be read");
        }
        Await.pause(SETTLE);
        return peer.residentBytes();
    }
}
