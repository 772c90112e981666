package io.moha.agent.sim;

import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.agent.store.ReadOutcome;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store that tells its agent something else than what there is, or does something else. */
abstract class LyingStore implements ClusterStore {

    private final ClusterStore real;

    LyingStore(ClusterStore real) {
        this.real = real;
    }

    /** What the agent gets to see instead of {@code seen}. */
    ClusterSnapshot told(ClusterSnapshot seen) {
        return seen;
    }

    /** What is done instead of {@code asked}. */
    Change done(Change asked) {
        return asked;
    }

    /** {@code seen} with other authorities and members. */
    static ClusterSnapshot with(
            ClusterSnapshot seen,
            @Nullable Versioned<LeaderRecord> leader,
            @Nullable Versioned<SyncRecord> sync,
            Map<String, MemberRecord> members) {
        return new ClusterSnapshot(
                seen.revision(),
                leader,
                sync,
                members,
                seen.proxies(),
                seen.switchover(),
                seen.acks(),
                seen.settings(),
                seen.pause(),
                seen.lastChange());
    }

    @Override
    public ClusterKeys keys() {
        return real.keys();
    }

    @Override
    public ReadOutcome read() {
        return real.read() instanceof ReadOutcome.Read(ClusterSnapshot seen)
                ? new ReadOutcome.Read(told(seen))
                : new ReadOutcome.Unavailable("no answer");
    }

    @Override
    public CommitOutcome commit(Change change) {
        return real.commit(done(change));
    }

    @Override
    public CommitOutcome register(MemberRecord member) {
        return real.register(member);
    }

    @Override
    public void unregister() {
        real.unregister();
    }

    @Override
    public void watch(Runnable onChange) {
        real.watch(onChange);
    }

    @Override
    public void close() {
        real.close();
    }
}
