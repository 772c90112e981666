package io.moha.agent.sim;

import io.moha.agent.act.LeaseTimes;
import io.moha.agent.guard.Guard;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.store.ClusterStore;

/** A rule broken on purpose, by lying to the agent or by changing what it does on its way out. */
interface Mutation {

    /** Breaks nothing. */
    Mutation NONE = new Mutation() {};

    /** What {@code node}'s agent takes for the store. */
    default ClusterStore store(ClusterStore real, SimNode node) {
        return real;
    }

    /** What the agent takes for its guard. */
    default Guard guard(Guard real, LeaseTimes times) {
        return real;
    }

    /** What the agent takes for its server. */
    default MysqlServer server(MysqlServer real) {
        return real;
    }
}
