package io.moha.agent.sim;

import io.moha.agent.act.ActionRunner;
import io.moha.agent.act.Follow;
import io.moha.agent.act.LeaseTimes;
import io.moha.agent.act.Promotion;
import io.moha.agent.act.SyncChange;
import io.moha.agent.guard.Guard;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerCopy;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ten rules, each broken on purpose, to see that the simulator notices. */
enum Mutations implements Mutation {

    /** An acker is struck off without a barrier and while it may still acknowledge. */
    SHRINK_FIRST {
        @Override
        public MysqlServer server(MysqlServer real) {
            MysqlServer open = LyingServer.of(real, "expel", SyncChange.class, (_, _) -> true);
            MysqlServer unproven =
                    LyingServer.of(open, "commitHeartbeat", SyncChange.class, (_, _) -> true);
            return LyingServer.of(
                    unproven, "connectedReplicas", SyncChange.class, (_, _) -> List.of());
        }
    },

    /** The guard's deadline is counted from when the store answered. */
    DEADLINE_FROM_REPLY {
        @Override
        public Guard guard(Guard real, LeaseTimes times) {
            return new LyingGuard(real) {
                @Override
                public void extend(long epoch, long deadlineMillis) {
                    Duration bought = times.ttl().minus(times.margin());
                    super.extend(epoch, bootMillis() + bought.toMillis());
                }
            };
        }
    },

    /** A holder whose member key is gone counts as fenced. */
    GONE_IS_FENCED {
        @Override
        public ClusterStore store(ClusterStore real, SimNode node) {
            return new LyingStore(real) {
                @Override
                ClusterSnapshot told(ClusterSnapshot seen) {
                    Versioned<LeaderRecord> leader = seen.leader();
                    if (leader == null
                            || seen.members().containsKey(leader.value().holder())
                            || leader.value().holder().equals(node.id())) {
                        return seen;
                    }
                    LeaderRecord old = leader.value();
                    LeaderRecord freed = old.released(true, old.floor(), "its key is gone");
                    return with(
                            seen,
                            new Versioned<>(freed, leader.revision(), leader.text()),
                            seen.sync(),
                            seen.members());
                }
            };
        }
    },

    /** An election looks only at what voters have executed. */
    EXECUTED_ONLY {
        @Override
        public ClusterStore store(ClusterStore real, SimNode node) {
            return new LyingStore(real) {
                @Override
                ClusterSnapshot told(ClusterSnapshot seen) {
                    Map<String, MemberRecord> members = new HashMap<>();
                    seen.members().forEach((id, member) -> members.put(id, forgetful(member)));
                    return with(seen, seen.leader(), seen.sync(), members);
                }
            };
        }
    },

    /** A replica acknowledges before it is recorded as acker. */
    GROW_AFTER {
        @Override
        public MysqlServer server(MysqlServer real) {
            MysqlServer hospitable =
                    LyingServer.of(
                            real,
                            "expel",
                            ActionRunner.class,
                            (server, arguments) -> {
                                server.admit((String) arguments[0]);
                                return true;
                            });
            return LyingServer.of(
                    hospitable,
                    "follow",
                    Follow.class,
                    (server, arguments) -> {
                        server.follow((String) arguments[0], (Integer) arguments[1], true);
                        return true;
                    });
        }
    },

    /** A server whose copy ended half-way counts as one that has what it names. */
    HALF_A_COPY {
        @Override
        public MysqlServer server(MysqlServer real) {
            return LyingServer.of(
                    real,
                    "copy",
                    ActionRunner.class,
                    (server, _) -> {
                        ServerCopy copy = server.copy();
                        return new ServerCopy(copy.nowMillis(), copy.nowMillis(), true, 0);
                    });
        }
    },

    /** A server is promoted without applying what it received. */
    NO_DRAIN {
        @Override
        public MysqlServer server(MysqlServer real) {
            MysqlServer impatient =
                    LyingServer.of(real, "awaitExecuted", Promotion.class, (_, _) -> true);
            return LyingServer.of(
                    impatient,
                    "stopFollowing",
                    Promotion.class,
                    (server, _) -> {
                        if (server.look().replica() != null) {
                            server.discardRelayLog();
                        }
                        return true;
                    });
        }
    },

    /** The leader record is written without comparing it. */
    EPOCH_NOT_COMPARED {
        @Override
        public ClusterStore store(ClusterStore real, SimNode node) {
            return new LyingStore(real) {
                @Override
                Change done(Change asked) {
                    Map<String, Change.Expected> expected = new HashMap<>(asked.expected());
                    expected.remove(keys().leader());
                    return new Change(expected, asked.puts(), asked.deletes());
                }
            };
        }
    },

    /** A server that was told to die counts as dead. */
    EARLY_TOMBSTONE {
        @Override
        public Guard guard(Guard real, LeaseTimes times) {
            return new LyingGuard(real) {
                @Override
                public GuardStatus status() {
                    GuardStatus said = super.status();
                    return said.state() != GuardStatus.State.DYING
                            ? said
                            : new GuardStatus(
                                    GuardStatus.State.DEAD,
                                    0,
                                    said.incarnation(),
                                    said.deadlineMillis(),
                                    said.epoch(),
                                    said.fencedEpoch(),
                                    "was told to die");
                }
            };
        }
    },

    /** An election needs one vote fewer than it must have. */
    SMALL_QUORUM {
        @Override
        public ClusterStore store(ClusterStore real, SimNode node) {
            return new LyingStore(real) {
                private int acks;

                @Override
                ClusterSnapshot told(ClusterSnapshot seen) {
                    Versioned<SyncRecord> sync = seen.sync();
                    LeaderRecord leader = seen.leaderRecord();
                    if (sync == null || leader == null || leader.state() != LeaderState.ELECTING) {
                        return seen;
                    }
                    acks = sync.value().acks();
                    SyncRecord laxer = withAcks(sync.value(), acks + 1);
                    return with(
                            seen,
                            seen.leader(),
                            new Versioned<>(laxer, sync.revision()),
                            seen.members());
                }

                @Override
                Change done(Change asked) {
                    Change done = asked;
                    for (Map.Entry<String, Record> put : asked.puts().entrySet()) {
                        if (put.getValue() instanceof SyncRecord sync && acks > 0) {
                            done = done.put(put.getKey(), withAcks(sync, acks));
                        }
                    }
                    return done;
                }
            };
        }
    },

    /** A node follows a new primary whatever it has itself. */
    NO_SUBSET_CHECK {
        @Override
        public ClusterStore store(ClusterStore real, SimNode node) {
            return new LyingStore(real) {
                @Override
                ClusterSnapshot told(ClusterSnapshot seen) {
                    Versioned<LeaderRecord> leader = seen.leader();
                    if (leader == null || leader.value().holder().equals(node.id())) {
                        return seen;
                    }
                    SimData data = node.mysql().data;
                    Gtids floor = Gtids.parse(data.origins(), leader.value().floor());
                    LeaderRecord wider = withFloor(leader.value(), floor.union(data.everything()));
                    boolean follows =
                            wider.state() == LeaderState.PROMOTING
                                    || wider.state() == LeaderState.SERVING;
                    return follows
                            ? with(
                                    seen,
                                    new Versioned<>(wider, leader.revision(), leader.text()),
                                    seen.sync(),
                                    seen.members())
                            : seen;
                }
            };
        }
    };

    private static MemberRecord forgetful(MemberRecord member) {
        MemberReport report = member.report();
        return new MemberRecord(
                member.version(),
                member.id(),
                member.serverUuid(),
                member.address(),
                member.http(),
                member.zone(),
                member.priority(),
                member.neverPromote(),
                member.protocolVersion(),
                member.incarnation(),
                new MemberReport(
                        report.role(),
                        report.reason(),
                        report.promisedEpoch(),
                        report.executed(),
                        "",
                        report.intact(),
                        report.ioRunning(),
                        report.sqlRunning(),
                        report.lagMs(),
                        report.source(),
                        report.mysqlVersion(),
                        report.error()));
    }

    private static SyncRecord withAcks(SyncRecord sync, int acks) {
        return new SyncRecord(
                sync.version(),
                sync.mode(),
                acks,
                sync.ackers(),
                sync.members(),
                sync.clusterUuid());
    }

    private static LeaderRecord withFloor(LeaderRecord leader, Gtids floor) {
        return new LeaderRecord(
                leader.version(),
                leader.epoch(),
                leader.holder(),
                leader.incarnation(),
                leader.ttlMs(),
                leader.seq(),
                leader.state(),
                leader.releasedFenced(),
                floor.toString(),
                leader.address(),
                leader.serverUuid(),
                leader.reason());
    }
}
