package io.moha.bench.load;

import io.moha.bench.proc.Await;
import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.PublishOptions;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how soon after its start the proxy accepts clients, and answers one. */
@Command(
        name = "startup",
        mixinStandardHelpOptions = true,
        description = "Time from starting the proxy to accepting, and to the first login.")
public final class StartupCommand implements Callable<Integer> {

    private static final Ticker TICKER = Ticker.system();
    private static final Duration LOGIN_BOUND = Duration.ofSeconds(30);

    @Mixin private FixtureOptions fixture = new FixtureOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(names = "--rounds", defaultValue = "10", description = "default ${DEFAULT-VALUE}")
    private int rounds = 10;

    /** Starts the proxy again and again, and reports. */
    @Override
    public Integer call() {
        List<Double> accepting = new ArrayList<>();
        List<Double> answering = new ArrayList<>();
        try (ProcessStack processes = fixture.processes()) {
            MysqlFixture mysql = fixture.startMysql(processes);
            PeerStarter starter = fixture.peerStarter(processes, mysql);
            starter.startEtcd();
            for (int round = 0; round < rounds; round++) {
                Moment start = TICKER.now();
                Peer peer = starter.startProxyUntilAccepting();
                accepting.add(millisSince(start));
                Await.until("a login", LOGIN_BOUND, () -> logsIn(peer.port()));
                answering.add(millisSince(start));
                processes.stop(Objects.requireNonNull(peer.process()));
            }
        }
        publish.publish(
                "startup", "Start of the proxy", fixture.versions(), table(accepting, answering));
        return 0;
    }

    private String table(List<Double> accepting, List<Double> answering) {
        return String.format(
                Locale.ROOT,
                """

                | from the start of the process to | median of %d ms | worst ms |
                |---|---:|---:|
                | accepting clients | %.0f | %.0f |
                | first client logged in | %.0f | %.0f |
                """,
                rounds,
                Median.of(accepting, Double::doubleValue),
                Collections.max(accepting),
                Median.of(answering, Double::doubleValue),
                Collections.max(answering));
    }

    private static double millisSince(Moment start) {
        return TICKER.now().since(start).toNanos() / 1e6;
    }

    private static boolean logsIn(int port) {
        Account account = MysqlFixture.ACCOUNT;
        String url = "jdbc:mysql://127.0.0.1:%d/sbtest".formatted(port);
        try {
            DriverManager.getConnection(url, account.user(), account.password()).close();
            return true;
        } catch (SQLException e) {
            if ("28000".equals(e.getSQLState())) {
                throw new BenchException("login refused", e);
            }
            return false;
        }
    }
}
