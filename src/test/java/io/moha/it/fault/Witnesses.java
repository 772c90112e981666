package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.moha.it.fixture.Await;
import io.moha.it.load.Bank;
import io.moha.it.load.Prober;
import io.moha.it.load.WriteLoad;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who watches a cluster while something is done to it: writers, a bank, and a prober that
 * goes past the proxy. Afterwards {@link #verify} tells whether the cluster kept its promises.
 */
final class Witnesses implements AutoCloseable {

    /** How long anything may take that has no bound of its own. */
    static final Duration BOUND = Duration.ofSeconds(60);

    /**
     * What a client may be told of a change of primary: an unknown outcome, a transaction that was
     * rolled back and can be begun again, no primary within the time that a login waits.
     */
    private static final Set<String> HONEST =
            Set.of(
                    "statement 2013/08007",
                    "transaction 2013/08007",
                    "transaction 1213/40001",
                    "connect 2003/08S01");

    private static final Logger LOGGER = LoggerFactory.getLogger(Witnesses.class);
    private static final int WRITERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Duration STANDSTILL = Duration.ofSeconds(1);

    private final FaultCluster cluster;
    private final String fault;
    private final long firstEpoch;
    private final Prober prober;
    private final Bank bank;
    private final WriteLoad load;
    private long struck = System.nanoTime();

    private Witnesses(
            FaultCluster cluster,
            String fault,
            long firstEpoch,
            Prober prober,
            Bank bank,
            WriteLoad load) {
        this.cluster = cluster;
        this.fault = fault;
        this.firstEpoch = firstEpoch;
        this.prober = prober;
        this.bank = bank;
        this.load = load;
    }

    /** Lets them begin, in view of {@code fault}: its name in the table of failures. */
    static Witnesses of(FaultCluster cluster, String fault) throws SQLException, IOException {
        long epoch = cluster.view().status().path("epoch").asLong();
        Prober prober =
                Prober.start(
                        cluster,
                        FaultCluster.NODES.stream()
                                .collect(Collectors.toMap(id -> id, cluster::direct)));
        Bank bank =
                Bank.start(cluster, List.of(() -> cluster.rw("mysql", ""), () -> cluster.ro("")));
        WriteLoad load = WriteLoad.start(cluster, WRITERS, PAUSE);
        return new Witnesses(cluster, fault, epoch, prober, bank, load);
    }

    /** The writers. */
    WriteLoad load() {
        return load;
    }

    /** The prober. */
    Prober prober() {
        return prober;
    }

    /** The fault happens now: times are counted from here. */
    void strike() {
        load.restartPauses();
        struck = System.nanoTime();
    }

    /** Waits until clients write again. */
    void awaitWrites() {
        load.awaitProgress(20, BOUND);
    }

    /** Waits until another node than {@code old} is primary and clients write there. */
    String awaitFailover(String old) {
        String fresh = cluster.view().awaitOtherPrimary(old, BOUND);
        awaitWrites();
        return fresh;
    }

    /** Clients write all the {@code time}, without a pause of more than {@code longest}. */
    void writesGoOn(Duration time, Duration longest) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            load.awaitProgress(5, longest);
        }
    }

    /** Waits until writes stand still. */
    void awaitStandstill() {
        Await.until(
                "writes stand still",
                BOUND,
                () -> load.sinceLastAcknowledged().compareTo(STANDSTILL) > 0);
    }

    /** No write is acknowledged for {@code time}. */
    void nobodyWrites(Duration time) {
        int before = load.acknowledged();
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            assertThat(load.acknowledged()).as("acknowledged writes").isEqualTo(before);
        }
    }

    /** Fails when a client was told an error. */
    void assertNoErrors() {
        assertThat(load.errors()).isEmpty();
    }

    /**
     * Mends everything, waits until the cluster is well, and fails unless every acknowledged write
     * is there, money neither appeared nor vanished, nobody but the primaries of the time
     * acknowledged anything, each in its turn, and all nodes are the same.
     */
    void verify() throws SQLException, IOException {
        verify(Set.of());
    }

    /** The same, where clients may be told {@code more} than else. */
    void verify(Set<String> more) throws SQLException, IOException {
        verifyApartFromErrors();
        Map<String, Integer> unexpected =
                load.errors().entrySet().stream()
                        .filter(error -> !HONEST.contains(error.getKey()))
                        .filter(error -> !more.contains(error.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(unexpected).as("errors that clients were told").isEmpty();
    }

    /** The same, whatever clients were told when something did not work. */
    void verifyApartFromErrors() throws SQLException, IOException {
        long mended = System.nanoTime();
        cluster.heal();
        cluster.awaitWell();
        Duration well = Duration.ofNanos(System.nanoTime() - mended);
        awaitWrites();
        Duration pause = load.longestPause();
        bank.stop();
        load.stop();
        List<String> turns = prober.turns();
        String primary = cluster.primary();
        load.assertNothingLost(cluster.direct(primary));
        Convergence.assertReached(cluster);
        for (String node : FaultCluster.NODES) {
            bank.assertBalanced(cluster.direct(node));
        }
        assertInTurn(turns);
        Recoveries.record(fault, pause, well);
        LOGGER.atInfo()
                .addKeyValue("fault", fault)
                .addKeyValue("pauseMs", pause.toMillis())
                .addKeyValue("wellMs", well.toMillis())
                .addKeyValue("turns", turns)
                .log(load.summary() + "; " + bank.summary());
    }

    /** Seconds since {@link #strike}. */
    Duration sinceStrike() {
        return Duration.ofNanos(System.nanoTime() - struck);
    }

    /** Whoever acknowledged is a primary of that time; some may have had no time for it. */
    private void assertInTurn(List<String> turns) throws IOException {
        List<String> primaries = primaries();
        Iterator<String> history = primaries.iterator();
        for (String node : turns) {
            boolean found = false;
            while (!found && history.hasNext()) {
                found = history.next().equals(node);
            }
            assertThat(found)
                    .as("acknowledged by turns: %s; the primaries were %s", turns, primaries)
                    .isTrue();
        }
    }

    private List<String> primaries() throws IOException {
        List<String> primaries = new ArrayList<>();
        for (JsonNode change : cluster.moha("history", "--json").json()) {
            if (change.path("epoch").asLong() >= firstEpoch) {
                primaries.add(change.path("to").asText());
            }
        }
        return primaries;
    }

    @Override
    public void close() {
        load.close();
        bank.close();
        prober.close();
    }
}
