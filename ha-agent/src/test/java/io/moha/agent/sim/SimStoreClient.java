package io.moha.agent.sim;

import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.agent.store.ReadOutcome;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.MemberRecord;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One agent's client of the {@link SimStore}: requests and answers travel and get lost. */
final class SimStoreClient implements ClusterStore {

    private static final long TIMEOUT = 1_333 * Simulation.MS;
    private static final long MEMBER_TTL = 10 * Simulation.SECOND;

    private final Simulation sim;
    private final SimNetwork network;
    private final SimStore store;
    private final SimProcess process;
    private final SimHost host;
    private @Nullable MemberRecord written;

    SimStoreClient(
            Simulation sim, SimNetwork network, SimStore store, SimProcess process, SimHost host) {
        this.sim = sim;
        this.network = network;
        this.store = store;
        this.process = process;
        this.host = host;
        renewLater();
    }

    @Override
    public ClusterKeys keys() {
        return store.keys();
    }

    @Override
    public ReadOutcome read() {
        ClusterSnapshot seen = call(store::snapshot);
        return seen == null ? new ReadOutcome.Unavailable("no answer") : new ReadOutcome.Read(seen);
    }

    @Override
    public CommitOutcome commit(Change change) {
        long sent = sim.now();
        CommitOutcome outcome =
                call(
                        () ->
                                store.commit(host.index(), change)
                                        ? new CommitOutcome.Done(store.snapshot().revision())
                                        : new CommitOutcome.CompareFailed(store.snapshot()));
        if (outcome instanceof CommitOutcome.Done) {
            store.confirmed(host.index(), change, sent);
        }
        return outcome == null ? new CommitOutcome.Unavailable("no answer") : outcome;
    }

    @Override
    public CommitOutcome register(MemberRecord member) {
        written = member;
        Long revision = call(() -> store.register(host.index(), member, MEMBER_TTL));
        return revision == null
                ? new CommitOutcome.Unavailable("no answer")
                : new CommitOutcome.Done(revision);
    }

    @Override
    public void unregister() {
        written = null;
    }

    @Override
    public void watch(Runnable onChange) {
        store.watch(host.index(), () -> process.run(onChange));
    }

    @Override
    public void close() {}

    /** Null when no answer came in time. */
    private <T> @Nullable T call(Supplier<T> request) {
        SimProcess.Signal answered = process.signal();
        Answer<T> answer = new Answer<>();
        if (!network.passes(host.index(), network.store())) {
            boolean _ = answered.waitFor(TIMEOUT);
            return null;
        }
        Simulation.Event _ =
                sim.in(
                        network.delay() + sim.between(0, store.slowness()),
                        () -> arrive(request, answered, answer));
        boolean _ = answered.waitFor(TIMEOUT);
        return answer.value;
    }

    private <T> void arrive(Supplier<T> request, SimProcess.Signal answered, Answer<T> answer) {
        if (!store.hasQuorum() || !network.passes(host.index(), network.store())) {
            return;
        }
        T value = request.get();
        Simulation.Event _ =
                sim.in(
                        network.delay() + sim.between(0, store.slowness()),
                        () -> {
                            if (network.passes(network.store(), host.index())) {
                                process.run(
                                        () -> {
                                            answer.value = value;
                                            answered.wake();
                                        });
                            }
                        });
    }

    private static final class Answer<T> {
        private @Nullable T value;
    }

    private void renewLater() {
        Simulation.Event _ =
                sim.in(
                        MEMBER_TTL / 3,
                        () -> {
                            if (process.isAlive()) {
                                process.run(this::renew);
                                renewLater();
                            }
                        });
    }

    private void renew() {
        MemberRecord member = written;
        if (member != null
                && store.hasQuorum()
                && network.passesBothWays(host.index(), network.store())
                && !store.keepAlive(member.id(), MEMBER_TTL)) {
            store.register(host.index(), member, MEMBER_TTL);
        }
    }
}
