package io.moha.agent.sim;

import io.moha.agent.mysql.ServerCopy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a server is on its disk: a binary log that was synchronised before anything else saw it,
 * what of it the engine has committed, a relay log, and where it replicates from.
 */
final class SimData {

    /** Node without a source. */
    static final int NOBODY = -1;

    /** How many names a node's server has one after the other, at most. */
    private static final int LIVES = 3;

    final int node;
    private final int nodes;
    final List<Trx> binlog = new ArrayList<>();
    final Gtids logged;
    final Gtids executed;
    final List<Trx> relay = new ArrayList<>();
    final Gtids retrieved;
    private int origin;
    int applied;
    int source = NOBODY;

    /** Whether a copy began and did not come to its end. */
    boolean gutted;

    private String claim = "";
    private int copies;
    private final Map<Integer, Long> begun = new HashMap<>();
    private long clock;
    private int completedCopy;
    private boolean completed;
    private long dropped;

    /** Whose receivers may not log in here to acknowledge. */
    final Set<Integer> locked = new HashSet<>();

    /** The empty server of {@code node}, one of {@code nodes}. */
    SimData(int node, int nodes) {
        this.node = node;
        this.nodes = nodes;
        this.origin = node;
        this.logged = new Gtids(origins(nodes));
        this.executed = new Gtids(origins(nodes));
        this.retrieved = new Gtids(origins(nodes));
    }

    /** How many servers' transactions there can be in a cluster of {@code nodes} nodes. */
    static int origins(int nodes) {
        return nodes * LIVES;
    }

    /** How many servers' transactions there can be. */
    int origins() {
        return origins(nodes);
    }

    /** By which name its transactions go: the index of its server's uuid. */
    int origin() {
        return origin;
    }

    /** Throws everything away. */
    void clear() {
        claim = claimed();
        binlog.clear();
        logged.clear();
        executed.clear();
        purgeRelay();
        source = NOBODY;
        gutted = true;
        dropped = ++clock;
    }

    /**
     * Takes over what {@code donor} has committed, under a new name: by the old one others may know
     * transactions that were thrown away here. The donor's binary logs come along, which a real
     * copy leaves behind.
     */
    void copy(SimData donor) {
        clear();
        donor.binlog.stream().filter(donor.executed::has).forEach(this::log);
        executed.addAll(donor.executed);
        locked.clear();
        locked.addAll(donor.locked);
        gutted = false;
        completed = true;
        completedCopy = copies;
        origin = origin + nodes < origins() ? origin + nodes : origin;
    }

    /** A copy is asked for; what it needs is looked at before anything is dropped. */
    void beginsCopy() {
        copies++;
        begun.put(copies, ++clock);
        completed = false;
    }

    /** The next process does not know of a copy that came to no end. */
    void forgetsCopy() {
        copies = completedCopy;
        completed = copies > 0;
    }

    /** What the server says of the last copy. */
    ServerCopy copyState() {
        return new ServerCopy(++clock, begun.getOrDefault(copies, 0L), completed, dropped);
    }

    /** What the server says that it has committed: half a copy names what is gone. */
    String claimed() {
        return gutted ? claim : executed.toString();
    }

    /** Appends {@code trx} to the binary log. */
    void log(Trx trx) {
        binlog.add(trx);
        logged.add(trx);
    }

    /** The number that the next transaction written here gets. */
    int nextNumber() {
        return Math.max(logged.last(origin), retrieved.last(origin)) + 1;
    }

    /** Appends {@code trx} to the relay log, unless it is here already. */
    void receive(Trx trx) {
        if (!logged.has(trx) && !retrieved.has(trx)) {
            relay.add(trx);
            retrieved.add(trx);
        }
    }

    /** Whether it has {@code trx}, in whichever log. */
    boolean has(Trx trx) {
        return logged.has(trx) || retrieved.has(trx);
    }

    /** Everything that a start of the server would find. */
    Gtids everything() {
        return logged.union(retrieved);
    }

    /** What was received and not applied. */
    Gtids undrained() {
        return retrieved.minus(executed);
    }

    /** Throws the relay log away. */
    void purgeRelay() {
        relay.clear();
        retrieved.clear();
        applied = 0;
    }

    /**
     * Crash recovery: the engine commits whatever is in the binary log, whether or not anybody
     * acknowledged it.
     */
    void recover() {
        executed.addAll(logged);
    }
}
