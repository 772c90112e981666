package io.moha.it.fault;

import io.moha.demo.DemoFile;
import io.moha.it.fixture.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does to a cluster whatever comes to its mind, several things at the same time. The same seed does
 * the same in the same order, though what the cluster makes of it depends on time.
 */
final class Nemesis {

    private static final Logger LOGGER = LoggerFactory.getLogger(Nemesis.class);
    private static final int MOST_AT_ONCE = 3;
    private static final int SHORTEST_PAUSE_MS = 300;
    private static final int LONGEST_PAUSE_MS = 6_000;

    private final FaultCluster cluster;
    private final SplittableRandom random;
    private final List<Injury> injuries = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /** Something bad, until it is undone. */
    private record Injury(String what, Runnable undo) {}

    /** Does something bad to one node, or to one that it chooses, and says what. */
    private interface Fault {
        Injury strike(String node);
    }

    Nemesis(FaultCluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new SplittableRandom(seed);
        processes();
        network();
        stores();
        operators();
    }

    /** Strikes and relents for {@code time}; leaves to the caller to mend what is left. */
    void rage(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            boolean relent = injuries.size() >= MOST_AT_ONCE || random.nextInt(100) < 35;
            if (!injuries.isEmpty() && relent) {
                Injury healed = injuries.remove(random.nextInt(injuries.size()));
                LOGGER.atInfo().addKeyValue("fault", healed.what()).log("relents");
                healed.undo().run();
            } else {
                strike();
            }
            int pause = random.nextInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
            LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
        }
        injuries.clear();
    }

    private void strike() {
        Fault fault = faults.get(random.nextInt(faults.size()));
        String node = pick(FaultCluster.NODES);
        Injury injury = fault.strike(node);
        LOGGER.atInfo().addKeyValue("fault", injury.what()).log("strikes");
        injuries.add(injury);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static void nothing() {}

    private void processes() {
        faults.add(id -> killed("mysqld of " + id, cluster.node(id).mysqld()));
        faults.add(id -> killed("mysqld of " + id, cluster.node(id).mysqld()));
        faults.add(id -> killed("agent of " + id, cluster.node(id).agent()));
        faults.add(id -> killed("guard of " + id, cluster.node(id).guard()));
        faults.add(id -> stopped("mysqld of " + id, List.of(cluster.node(id).mysqld())));
        faults.add(id -> stopped("agent of " + id, List.of(cluster.node(id).agent())));
        faults.add(id -> stopped("guard of " + id, List.of(cluster.node(id).guard())));
        faults.add(id -> stopped("node " + id, cluster.node(id).pids()));
        faults.add(
                id -> {
                    cluster.node(id).crash();
                    return new Injury("crash of node " + id, () -> cluster.node(id).release());
                });
        faults.add(id -> killed("proxy", cluster.crew().pid(FaultCluster.PROXY)));
    }

    private static Injury killed(String what, long pid) {
        Signals.kill(List.of(pid).stream().filter(one -> one != 0).toList());
        return new Injury("kill of " + what, Nemesis::nothing);
    }

    private static Injury stopped(String what, List<Long> pids) {
        List<Long> running = pids.stream().filter(pid -> pid != 0).toList();
        Signals.stop(running);
        return new Injury("stop of " + what, () -> Signals.goOn(running));
    }

    private void network() {
        faults.add(
                id -> {
                    cluster.isolate(id);
                    return new Injury("isolation of " + id, () -> mend(id));
                });
        faults.add(
                id -> {
                    cluster.cutOff(id, FaultCluster.ETCDS);
                    return new Injury(id + " loses the store", () -> mend(id));
                });
        faults.add(
                id -> {
                    cluster.cutOff(id, FaultCluster.others(id));
                    return new Injury(id + " loses the other nodes", () -> mend(id));
                });
        faults.add(
                id -> {
                    String other = pick(FaultCluster.others(id));
                    cluster.links().cut(id, other);
                    return new Injury(
                            "cut between " + id + " and " + other,
                            () -> cluster.links().heal(id, other));
                });
        faults.add(
                id -> {
                    everybodyBut(id).forEach(other -> cluster.links().cutOneWay(id, other));
                    return new Injury(id + " receives only", () -> mend(id));
                });
        faults.add(
                id -> {
                    everybodyBut(id).forEach(other -> cluster.links().cutOneWay(other, id));
                    return new Injury(id + " sends only", () -> mend(id));
                });
        faults.add(
                id -> {
                    everybodyBut(id).forEach(other -> cluster.links().reset(id, other));
                    return new Injury("reset of all links of " + id, Nemesis::nothing);
                });
        faults.add(
                id -> {
                    Duration delay = Duration.ofMillis(random.nextInt(10, 150));
                    everybodyBut(id).forEach(other -> cluster.links().delay(id, other, delay));
                    return new Injury(id + " is slow by " + delay, () -> mend(id));
                });
    }

    private void mend(String id) {
        everybodyBut(id).forEach(other -> cluster.links().heal(id, other));
    }

    private static List<String> everybodyBut(String node) {
        List<String> others = new ArrayList<>(FaultCluster.others(node));
        others.addAll(FaultCluster.ETCDS);
        others.add(FaultCluster.PROXY);
        return others;
    }

    private void stores() {
        faults.add(
                id -> {
                    String etcd = pick(FaultCluster.ETCDS);
                    cluster.crew().hold(etcd);
                    killed(etcd, cluster.crew().pid(etcd));
                    return new Injury("loss of " + etcd, () -> cluster.crew().release(etcd));
                });
        faults.add(
                id -> {
                    String etcd = pick(FaultCluster.ETCDS);
                    return stopped(etcd, List.of(cluster.crew().pid(etcd)));
                });
    }

    private void operators() {
        faults.add(
                id -> {
                    Thread.ofVirtual().start(() -> cluster.moha("switchover"));
                    return new Injury("a switchover", Nemesis::nothing);
                });
        faults.add(
                id -> {
                    execute(id, "STOP REPLICA");
                    return new Injury("STOP REPLICA on " + id, Nemesis::nothing);
                });
    }

    private void execute(String node, String sql) {
        try (Connection connection = impatient(node);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(2);
            statement.execute(sql);
        } catch (SQLException e) {
            LOGGER.atInfo().addKeyValue("cause", e.getMessage()).log("could not do " + sql);
        }
    }

    /** The kernel accepts connections for a server that another fault has stopped. */
    private Connection impatient(String node) throws SQLException {
        DemoFile.Account root = cluster.accounts().root();
        return DriverManager.getConnection(
                "jdbc:mysql://"
                        + cluster.node(node).mysql().address()
                        + "/?sslMode=REQUIRED&connectTimeout=2000&socketTimeout=3000",
                root.user(),
                root.password());
    }

    /** Waits, after everything was mended, until what may still run in the background has ended. */
    void awaitQuiet() {
        Await.costlyValue(
                "no switchover is under way",
                Witnesses.BOUND,
                () -> cluster.view().status().path("switchover").isObject() ? null : Boolean.TRUE);
    }
}
