package io.moha.bench.ha;

import io.moha.protocol.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Clients that write to every node directly, past the proxy, all the time: what they see shows
 * whether a server acknowledges writes although another one does so already.
 */
final class Prober implements AutoCloseable {

    private static final Ticker TICKER = Ticker.system();
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final int CLIENTS_PER_NODE = 2;

    private final Ledger ledger;
    private final long run;
    private final Map<String, WriteLoad> loads = new LinkedHashMap<>();
    private final List<ProbeReport.Mark> marks = new ArrayList<>();

    /** Starts to write to every node of {@code cluster}. */
    Prober(DemoCluster cluster) {
        this.ledger = new Ledger(cluster);
        // Negative, so that it is never the number of a run of disturbances.
        this.run = -ledger.prepare();
        DemoFile.Account app = cluster.file().accounts().app();
        for (DemoFile.Node node : cluster.file().nodes()) {
            String url =
                    "jdbc:mysql://%s/app?%s"
                            .formatted(node.mysql(), WriteShape.TEXT.driverOptions());
            WritePlan plan =
                    new WritePlan(run, url, app.user(), app.password(), WriteShape.TEXT, INTERVAL);
            loads.put(
                    node.id(),
                    new WriteLoad(plan, loads.size() * CLIENTS_PER_NODE, CLIENTS_PER_NODE));
        }
    }

    /** From now on until the next call, {@code node} is the one that must fall silent. */
    void mark(DemoFile.Node node) {
        marks.add(new ProbeReport.Mark(node.id(), TICKER.now()));
    }

    /** Ends the clients, and tells what they saw. */
    ProbeReport stop() {
        loads.values().forEach(WriteLoad::close);
        Map<String, List<WriterRecord>> seen = new LinkedHashMap<>();
        loads.forEach((node, load) -> seen.put(node, load.stop()));
        long lost = ledger.lost(run, seen.values().stream().flatMap(List::stream).toList());
        return ProbeReport.of(seen, marks, lost);
    }

    /** Asks the clients to end, without waiting. */
    @Override
    public void close() {
        loads.values().forEach(WriteLoad::close);
    }
}
