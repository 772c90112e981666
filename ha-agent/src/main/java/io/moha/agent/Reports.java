package io.moha.agent;

import io.moha.agent.admin.AgentView;
import io.moha.agent.decide.Decision;
import io.moha.agent.decide.Memory;
import io.moha.agent.decide.Observation;
import io.moha.agent.decide.SpaceRules;
import io.moha.agent.decide.Tenure;
import io.moha.agent.decide.Verdict;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.mysql.ServerFacts.ReplicaFacts;
import io.moha.agent.state.Ledger;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what an agent saw and decided: to other agents, and to people. Pure. */
final class Reports {

    private static final int PROTOCOL_VERSION = 1;

    private final AgentFacts facts;

    /** What of a node never changes while its agent runs. */
    record AgentFacts(
            String cluster, String http, String zone, int priority, boolean neverPromote) {}

    Reports(AgentFacts facts) {
        this.facts = facts;
    }

    /** What the node does. */
    static NodeRole role(Observation seen, Decision decision) {
        Tenure tenure = seen.tenure();
        ServerFacts server = seen.server().facts();
        if (seen.server().guard().state() != GuardStatus.State.RUNNING || server == null) {
            return NodeRole.DOWN;
        }
        if (tenure != null
                && (tenure.state() == LeaderState.SERVING
                        || tenure.state() == LeaderState.SWITCHING)) {
            return NodeRole.PRIMARY;
        }
        if (seen.server().gutted()
                || decision instanceof Decision.Quarantine
                || decision instanceof Decision.Rebuild) {
            return NodeRole.QUARANTINED;
        }
        ReplicaFacts replica = server.replica();
        boolean replicates =
                replica != null
                        && (replica.ioRunning() || replica.ioConnecting() || replica.sqlRunning());
        return replicates ? NodeRole.REPLICA : NodeRole.TRANSITION;
    }

    /** The record by which other agents know this node. */
    MemberRecord member(
            Observation seen, Decision decision, Memory memory, boolean intact, Ledger ledger) {
        ServerFacts server = seen.server().facts();
        NodeRole role = role(seen, decision);
        return new MemberRecord(
                        1,
                        seen.self().id(),
                        server == null ? "" : server.serverUuid(),
                        seen.self().address(),
                        facts.http(),
                        facts.zone(),
                        // A server that keeps ending, or has no space, is chosen last: better than
                        // none.
                        memory.isCrashLooping(seen.now()) || SpaceRules.isNearlyFull(server)
                                ? Integer.MIN_VALUE
                                : facts.priority(),
                        facts.neverPromote(),
                        PROTOCOL_VERSION,
                        seen.self().incarnation(),
                        report(role, decision.reason(), memory.promisedEpoch(), intact, server)
                                .standingBy(ledger.standsBy()))
                .formerly(ledger.state().former())
                .remembering(
                        seen.forgotten() == null
                                ? null
                                : ledger.state().remembered(seen.self().ttlMs()));
    }

    private static MemberReport report(
            NodeRole role,
            String reason,
            long promisedEpoch,
            boolean intact,
            @Nullable ServerFacts server) {
        if (server == null) {
            return new MemberReport(
                    role, reason, promisedEpoch, "", "", false, false, false, -1, null, null, null);
        }
        ReplicaFacts replica = role == NodeRole.PRIMARY ? null : server.replica();
        Integer disk = server.diskPercent() < 0 ? null : server.diskPercent();
        if (replica == null) {
            return new MemberReport(
                    role,
                    reason,
                    promisedEpoch,
                    server.executed(),
                    "",
                    intact,
                    false,
                    false,
                    -1,
                    null,
                    server.version(),
                    null,
                    null,
                    disk);
        }
        return new MemberReport(
                role,
                reason,
                promisedEpoch,
                server.executed(),
                server.retrieved(),
                intact,
                // Without space the receiver waits for some, and can be neither read nor stopped.
                replica.ioRunning() && !server.disk().isFull(),
                replica.sqlRunning(),
                replica.lagMs(),
                replica.sourceHost() + ":" + replica.sourcePort(),
                server.version(),
                // Of an applier that stands still an election must know whether it could go on.
                replica.sqlRunning() ? replica.lastError() : replica.applierError(),
                null,
                disk);
    }

    /** The picture for people. */
    AgentView view(Observation seen, Decision decision, Verdict verdict) {
        LeaderRecord leader = seen.leader();
        SyncRecord sync = seen.sync();
        long known = seen.server().guard().epoch();
        return new AgentView(
                facts.cluster(),
                seen.self().id(),
                role(seen, decision),
                decision.reason(),
                leader == null ? known : Math.max(known, leader.epoch()),
                seen.server().bootMillis(),
                seen.storeAnswers(),
                seen.snapshot() != null && seen.snapshot().pause() != null,
                leader == null
                        ? null
                        : new AgentView.Leader(
                                leader.holder(), leader.address(), leader.state(), leader.epoch()),
                server(seen.server().facts()),
                seen.server().guard(),
                sync == null ? null : new AgentView.Sync(sync.mode(), sync.acks(), sync.ackers()),
                verdict,
                blockers(seen, decision, verdict));
    }

    private static AgentView.@Nullable Server server(@Nullable ServerFacts server) {
        if (server == null) {
            return null;
        }
        ReplicaFacts replica = server.replica();
        return new AgentView.Server(
                server.version(),
                server.readOnly(),
                server.executed(),
                server.semiSync().clients(),
                server.semiSync().waitSessions(),
                server.diskPercent(),
                replica == null
                        ? null
                        : new AgentView.Replication(
                                replica.sourceHost() + ":" + replica.sourcePort(),
                                replica.ioRunning(),
                                replica.sqlRunning(),
                                replica.lagMs(),
                                replica.lastError()));
    }

    private static List<String> blockers(Observation seen, Decision decision, Verdict verdict) {
        List<String> blockers = new ArrayList<>();
        boolean leads = seen.tenure() != null;
        switch (verdict.kind()) {
            case CONFIG_ERROR, FAILED, NO_SPACE ->
                    blockers.add(seen.self().id() + ": " + verdict.reason());
            case NO_ACK, SATURATED, REFUSED -> {
                if (leads) {
                    blockers.add(
                            seen.self().id() + " is not failed over for this: " + verdict.reason());
                }
            }
            case WELL, DEAD, HUNG, SILENT -> {}
        }
        if (!seen.storeAnswers()) {
            blockers.add("the store does not answer");
        }
        if (seen.snapshot() != null && seen.snapshot().pause() != null) {
            blockers.add("the cluster is paused");
        }
        if (decision instanceof Decision.Blocked || decision instanceof Decision.Quarantine) {
            blockers.add(decision.reason());
        }
        return blockers;
    }
}
