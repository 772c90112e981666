package io.moha.proxy.topology;

import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import io.moha.protocol.config.EtcdConfig;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.moha.proxy.routing.RunningWork;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cluster in etcd and publishes every picture of it to the event loops. While etcd is
 * away the last picture stays; a store that lost its memory changes nothing either (see {@link
 * LeaderRules}). All of it happens on one thread of its own; the public methods are callable from
 * any thread.
 */
public final class TopologyWatcher implements Routing, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopologyWatcher.class);

    /** How many proxies of a cluster can have a number of their own. */
    public static final int PROXY_NUMBERS = ProxyNumber.COUNT;

    private final ClusterKeys keys;
    private final String selfKey;
    private final LoopPublisher publisher;
    private final ScheduledExecutorService thread;
    private final StoreFollower follower;
    private final ProxyNumber number;
    private final ProxyRegistration registration;
    private final SwitchoverReporter reporter;
    private final TableRules tables = new TableRules(new AddressBook()::resolve);
    private final List<Waiting> waiting = new ArrayList<>();

    private volatile RoutingTable table = RoutingTable.UNKNOWN;
    private volatile ClusterView view = ClusterView.EMPTY;
    private LeaderRules.Belief belief = new LeaderRules.Belief(null, "");

    /** Somebody who waits for the view to become something. */
    private record Waiting(Predicate<ClusterView> wanted, CompletableFuture<ClusterView> done) {}

    /**
     * @param keys of the cluster to follow
     * @param self this proxy, as it is registered
     * @param loops on which sessions live
     */
    public TopologyWatcher(
            EtcdConfig config,
            ClusterKeys keys,
            ProxyRecord self,
            Ticker ticker,
            Iterable<? extends EventExecutor> loops) {
        this.keys = keys;
        this.selfKey = keys.proxy(self.id());
        publisher = new LoopPublisher(loops);
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("moha-topology").daemon(true).factory());
        follower = new StoreFollower(config, keys, ticker, thread, this::onNews);
        number = new ProxyNumber(follower::link, keys, self.id());
        registration =
                new ProxyRegistration(
                        follower::link,
                        thread,
                        ticker,
                        selfKey,
                        () -> AdvertisedAddress.in(self, config.endpoints()),
                        number);
        reporter =
                new SwitchoverReporter(
                        follower::link, thread, keys.switchoverAck(self.id()), registration);
    }

    /**
     * Begins; returns at once. etcd need not be there yet.
     *
     * @param work what a switchover waits for
     */
    public void start(RunningWork work) {
        thread.execute(() -> reporter.count(work));
        follower.pollSoon();
    }

    /** Has {@code listener} told of each number that this proxy gets; call before the start. */
    public void tellNumber(IntConsumer listener) {
        thread.execute(() -> number.tell(listener));
    }

    @Override
    public RoutingTable current() {
        return table;
    }

    @Override
    public Registration subscribe(EventLoop loop, Consumer<RoutingTable> onChange) {
        return publisher.subscribe(loop, onChange);
    }

    @Override
    public void suspect(Backend backend) {
        follower.pollSoon();
    }

    /** The number that {@code proxy} has before etcd has given it one. */
    public static int firstNumber(String proxy) {
        return ProxyNumber.first(proxy);
    }

    /** What the store said last. */
    public ClusterView view() {
        return view;
    }

    /** How long ago etcd last answered; null when it never did. */
    public @Nullable Duration age() {
        return follower.age();
    }

    /** The operators' side of the store. */
    public ClusterOperations operations() {
        return new StoreOperations(this, keys);
    }

    /** Gives the lease back and closes the connection to etcd; blocks for half a second at most. */
    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(
                () -> {
                    registration.end();
                    follower.close();
                });
        thread.shutdown();
        try {
            thread.awaitTermination(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Completes with the first view that {@code wanted} accepts, the present one included. */
    CompletableFuture<ClusterView> await(Predicate<ClusterView> wanted) {
        CompletableFuture<ClusterView> done = new CompletableFuture<>();
        thread.execute(
                () -> {
                    waiting.add(new Waiting(wanted, done));
                    tellWaiting();
                });
        return done;
    }

    /** Calls {@code action} with the present link, on the topology thread. */
    <T> CompletableFuture<T> withLink(Function<EtcdLink, CompletableFuture<T>> action) {
        return CompletableFuture.supplyAsync(follower::link, thread).thenCompose(action);
    }

    /** The store revision at which {@code key} was last written, 0 when it does not exist. */
    CompletableFuture<Long> modRevision(String key) {
        return CompletableFuture.supplyAsync(() -> follower.copy().modRevision(key), thread);
    }

    private void onNews() {
        StoreCopy copy = follower.copy();
        if (copy.revision() > 0) {
            believe(
                    LeaderRules.next(
                            belief.leader(), copy.stored(keys.leader(), LeaderRecord.class)));
            List<MemberRecord> members = copy.records(keys.members(), MemberRecord.class);
            publish(tables.table(leader(), members, table.serverVersion()));
            SwitchoverRecord switchover = copy.record(keys.switchover(), SwitchoverRecord.class);
            reporter.onSwitchover(switchover);
            view =
                    new ClusterView(
                            leader(),
                            belief.doubt(),
                            copy.record(keys.sync(), SyncRecord.class),
                            members,
                            copy.records(keys.proxies(), ProxyRecord.class),
                            switchover,
                            copy.record(keys.pause(), PauseRecord.class));
            tellWaiting();
        }
        registration.tick(copy.has(selfKey));
    }

    private @Nullable LeaderRecord leader() {
        return belief.leader() == null ? null : belief.leader().record();
    }

    private void believe(LeaderRules.Belief next) {
        if (!next.doubt().isEmpty() && !next.doubt().equals(belief.doubt())) {
            LOGGER.atError()
                    .addKeyValue("reason", next.doubt())
                    .log("the store's leader record is not believed, keeping the last one");
        }
        belief = next;
    }

    private void publish(RoutingTable next) {
        RoutingTable previous = table;
        if (next.equals(previous)) {
            return;
        }
        table = next;
        reporter.onPublished(next.state(), publisher.publish(next));
        if (next.epoch() != previous.epoch() || next.state() != previous.state()) {
            LOGGER.atInfo()
                    .addKeyValue("epoch", next.epoch())
                    .addKeyValue("state", next.state())
                    .addKeyValue("primary", next.primary() == null ? "-" : next.primary().node())
                    .addKeyValue("reason", next.reason())
                    .log("the primary changed");
        }
    }

    private void tellWaiting() {
        ClusterView present = view;
        waiting.removeIf(
                one ->
                        one.done().isDone()
                                || (one.wanted().test(present) && one.done().complete(present)));
    }
}
