package io.moha.it.load;

import io.moha.demo.DemoFile;
import io.moha.it.fixture.Application;
import io.moha.it.fixture.Cluster;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes to every node directly, past the proxy, as fast as is decent, and remembers who said yes
 * and when. Two nodes must never do so by turns.
 */
public final class Prober implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** ER_OPTION_PREVENTS_STATEMENT: the server is read-only. */
    private static final int READ_ONLY = 1290;

    /** One acknowledged write. */
    private record Yes(String node, long began, long ended) {}

    private final Application cluster;
    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentLinkedQueue<Yes> said = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    private Prober(Application cluster) {
        this.cluster = cluster;
    }

    /** Starts probing. */
    public static Prober start(Cluster cluster) throws SQLException {
        return start(
                cluster,
                cluster.file().nodes().stream()
                        .collect(Collectors.toMap(DemoFile.Node::id, DemoFile.Node::mysql)));
    }

    /** Starts probing {@code nodes}, host:port by id. */
    public static Prober start(Application cluster, Map<String, String> nodes) throws SQLException {
        Prober prober = new Prober(cluster);
        try (Connection connection = cluster.rw("mysql", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS probes");
            statement.execute("CREATE TABLE probes (id BIGINT PRIMARY KEY, node VARCHAR(20))");
        }
        nodes.forEach(
                (id, hostPort) ->
                        Thread.ofPlatform()
                                .name("prober-" + id)
                                .daemon(true)
                                .start(() -> prober.probe(id, hostPort)));
        return prober;
    }

    private void probe(String id, String hostPort) {
        while (!stopping) {
            // A commit may wait for an acknowledgement that never comes; then the server is dead or
            // no longer primary, and the probe is given up.
            try (Connection connection = cluster.app("mysql", hostPort, "&socketTimeout=5000");
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO probes VALUES (?, ?)")) {
                while (!stopping) {
                    write(id, insert);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (SQLException refused) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void write(String id, PreparedStatement insert) throws SQLException {
        long began = System.nanoTime();
        insert.setLong(1, ids.incrementAndGet());
        insert.setString(2, id);
        try {
            insert.executeUpdate();
            said.add(new Yes(id, began, System.nanoTime()));
        } catch (SQLException refused) {
            if (refused.getErrorCode() != READ_ONLY) {
                throw refused;
            }
        }
    }

    /**
     * Fails unless those who said yes are {@code primaries}, one after the other: once a later one
     * acknowledged a write, no earlier one acknowledges a write that began after that.
     */
    public void assertOneAfterTheOther(List<String> primaries) {
        List<String> turns = turns();
        if (!turns.equals(primaries)) {
            throw new AssertionError(
                    "acknowledged writes came by turns from "
                            + turns
                            + ", the primaries were "
                            + primaries);
        }
    }

    /** Stops probing. Who said yes, one after the other, each once for all its writes in a row. */
    public List<String> turns() {
        stopping = true;
        List<Yes> all = new ArrayList<>(said);
        all.sort(Comparator.comparingLong(Yes::ended));
        List<String> turns = new ArrayList<>();
        for (Yes yes : all) {
            if (turns.isEmpty() || !turns.getLast().equals(yes.node())) {
                turns.add(yes.node());
            }
        }
        return turns;
    }

    /** When {@code node} first said yes, in nanoseconds of this JVM; null when it never did. */
    public @Nullable Long firstYes(String node) {
        return said.stream()
                .filter(yes -> yes.node().equals(node))
                .map(Yes::ended)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    public void close() {
        stopping = true;
    }
}
