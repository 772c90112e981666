package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.Http;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What etcd counted until one moment.
 *
 * @param at that moment
 * @param puts keys written ({@code etcd_mvcc_put_total})
 * @param proposals entries in its log ({@code etcd_server_proposals_committed_total}), which holds
 *     leases and refused transactions too
 */
record EtcdCounters(Moment at, double puts, double proposals) {

    private static final Ticker TICKER = Ticker.system();
    private static final double NANOS_PER_SECOND = 1e9;

    /** The counters of the first etcd of {@code cluster} now. */
    static EtcdCounters now(DemoCluster cluster) {
        String client = cluster.file().etcd().getFirst().client();
        String metrics =
                Http.get(URI.create("http://" + client + "/metrics"))
                        .orElseThrow(() -> new BenchException("etcd shows no metrics"));
        return new EtcdCounters(
                TICKER.now(),
                counter(metrics, "etcd_mvcc_put_total"),
                counter(metrics, "etcd_server_proposals_committed_total"));
    }

    /** Keys written a second since {@code earlier}. */
    double putsPerSecond(EtcdCounters earlier) {
        return (puts - earlier.puts) / seconds(earlier);
    }

    /** Entries of the log a second since {@code earlier}. */
    double proposalsPerSecond(EtcdCounters earlier) {
        return (proposals - earlier.proposals) / seconds(earlier);
    }

    private double seconds(EtcdCounters earlier) {
        return at.since(earlier.at).toNanos() / NANOS_PER_SECOND;
    }

    private static double counter(String metrics, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(metrics);
        if (!matcher.find()) {
            throw new BenchException("etcd counts no " + name);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
