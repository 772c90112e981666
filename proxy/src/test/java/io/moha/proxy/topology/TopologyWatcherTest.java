package io.moha.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.SwitchoverAck;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.config.EtcdConfig;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.RoutingTable;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watcher against one real etcd. */
@Timeout(60)
class TopologyWatcherTest {

    private static final ClusterKeys KEYS = ClusterKeys.of("/moha", "shop");
    private static final ProxyRecord SELF =
            new ProxyRecord(1, "p1", Map.of("rw", "h:6446"), "h:6032", "h:6033", "test");
    private static final long PATIENCE_SECONDS = 20;

    @TempDir Path directory;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory());
    private final AtomicInteger running = new AtomicInteger();
    private final BlockingQueue<RoutingTable> tables = new LinkedBlockingQueue<>();
    private LocalEtcd etcd;
    private TopologyWatcher watcher;
    private long seq;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(LocalEtcd.isInstalled(), "no etcd on this machine");
        etcd = new LocalEtcd(directory);
        etcd.start("data");
        watcher = new TopologyWatcher(etcd.config(), KEYS, SELF, Ticker.system(), loops);
        EventLoop loop = loops.next();
        watcher.subscribe(loop, tables::add);
        watcher.start(running::get);
    }

    @AfterEach
    void stop() throws Exception {
        if (watcher != null) {
            watcher.close();
            etcd.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private void lead(long epoch, String holder, LeaderState state) throws Exception {
        seq++;
        etcd.put(
                KEYS.leader(),
                new LeaderRecord(
                        1,
                        epoch,
                        holder,
                        "i1",
                        5000,
                        seq,
                        state,
                        false,
                        "",
                        "127.0.0.1:3306",
                        "u1",
                        "test"));
    }

    private static MemberRecord member(String id, NodeRole role) {
        return new MemberRecord(
                1,
                id,
                "u-" + id,
                "127.0.0.1:3307",
                "127.0.0.1:8008",
                "",
                100,
                false,
                1,
                "i1",
                new MemberReport(role, "", 0, "", "", true, true, true, 0, null, "9.7.4", null));
    }

    private RoutingTable await(Predicate<RoutingTable> wanted) throws InterruptedException {
        while (true) {
            RoutingTable next = tables.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("a picture as wanted").isNotNull();
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private static Predicate<RoutingTable> serving(long epoch) {
        return table -> table.epoch() == epoch && table.state() == PrimaryState.SERVING;
    }

    private ClusterView awaitView(Predicate<ClusterView> wanted) throws Exception {
        return watcher.await(wanted).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void changesReachSubscribersOnTheirLoop() throws Exception {
        lead(1, "n1", LeaderState.SERVING);
        assertThat(await(serving(1)).primary()).extracting(Backend::node).isEqualTo("n1");

        etcd.put(KEYS.member("n2"), member("n2", NodeRole.REPLICA));
        RoutingTable table = await(next -> next.replicas().size() == 1);
        assertThat(table.serverVersion()).isEqualTo("9.7.4");

        lead(2, "n2", LeaderState.PROMOTING);
        await(next -> next.epoch() == 2 && next.state() == PrimaryState.NONE);
        lead(2, "n2", LeaderState.SERVING);
        await(serving(2));
        assertThat(watcher.current().primary()).extracting(Backend::node).isEqualTo("n2");
        assertThat(watcher.age()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void theProxyIsRegisteredAndComesBackWhenItsLeaseIsLost() throws Exception {
        awaitView(view -> view.proxies().contains(SELF));

        etcd.revokeLeaseOf(KEYS.proxy("p1"));
        awaitView(view -> view.proxies().isEmpty());

        awaitView(view -> view.proxies().contains(SELF));
    }

    @Test
    void noTwoProxiesHaveTheSameNumber() throws Exception {
        BlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();
        watcher.tellNumber(numbers::add);
        awaitView(view -> view.proxies().contains(SELF));
        etcd.revokeLeaseOf(KEYS.proxy("p1"));
        int first = TopologyWatcher.firstNumber("p1");
        etcd.put(KEYS.proxyNumber(first), SELF);

        assertThat(numbers).allMatch(number -> number == first);
        for (int number = first; number == first; ) {
            number = Objects.requireNonNull(numbers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void theRegistrationEndsWithTheProxy() throws Exception {
        awaitView(view -> view.proxies().contains(SELF));

        watcher.close();

        assertThat(etcd.get(KEYS.proxy("p1"), ProxyRecord.class)).isNull();
    }

    @Test
    void anOutageOfEtcdKeepsThePictureAndChangesAfterItAreSeen() throws Exception {
        lead(1, "n1", LeaderState.SERVING);
        await(serving(1));

        etcd.kill();
        etcd.start("data");
        lead(2, "n2", LeaderState.SERVING);

        await(serving(2));
        lead(3, "n1", LeaderState.SERVING);
        await(serving(3));
    }

    @Test
    void endpointsThatAreDeadOrSilentArePassedOver() throws Exception {
        lead(1, "n1", LeaderState.SERVING);
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EtcdConfig config =
                    new EtcdConfig(
                            List.of(
                                    URI.create("http://127.0.0.1:1"),
                                    URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                                    etcd.uri()),
                            null,
                            null,
                            null,
                            "/moha");
            try (TopologyWatcher other =
                    new TopologyWatcher(config, KEYS, SELF, Ticker.system(), loops)) {
                other.start(() -> 0);

                ClusterView view =
                        other.await(seen -> seen.leader() != null)
                                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(view.leader()).extracting(LeaderRecord::epoch).isEqualTo(1L);
            }
        }
    }

    @Test
    void aWipedStoreChangesNothingUntilItReachesAHigherEpoch() throws Exception {
        lead(5, "n1", LeaderState.SERVING);
        await(serving(5));

        etcd.kill();
        etcd.start("empty");
        awaitView(view -> view.doubt().contains("gone"));
        assertThat(watcher.current()).matches(serving(5));

        lead(1, "n2", LeaderState.SERVING);
        awaitView(view -> view.doubt().contains("epoch 1 after epoch 5"));
        assertThat(watcher.current()).matches(serving(5));

        lead(6, "n2", LeaderState.SERVING);
        await(serving(6));
    }

    @Test
    void aRemovedLeaderRecordChangesNothing() throws Exception {
        lead(5, "n1", LeaderState.SERVING);
        await(serving(5));

        etcd.delete(KEYS.leader());

        awaitView(view -> !view.doubt().isEmpty());
        assertThat(watcher.current()).matches(serving(5));
    }

    @Test
    void aHoldingSwitchoverIsAcknowledgedAsWorkEnds() throws Exception {
        lead(1, "n1", LeaderState.SERVING);
        await(serving(1));
        running.set(2);
        etcd.put(KEYS.switchover(), switchover(SwitchoverPhase.HOLDING));
        lead(1, "n1", LeaderState.SWITCHING);
        await(table -> table.state() == PrimaryState.SWITCHING);

        assertThat(awaitAck(ack -> ack.holding()).inTransaction()).isEqualTo(2);
        running.set(0);
        assertThat(awaitAck(ack -> ack.inTransaction() == 0))
                .isEqualTo(new SwitchoverAck(1, "op", true, 0));
    }

    @Test
    void aRequestedSwitchoverIsWrittenAndItsEndIsToldBack() throws Exception {
        lead(1, "n1", LeaderState.SERVING);
        await(serving(1));
        etcd.put(KEYS.member("n2"), member("n2", NodeRole.REPLICA));
        awaitView(view -> view.members().size() == 1);
        ClusterOperations operations = watcher.operations();

        CompletableFuture<SwitchoverRecord> ended =
                operations.switchover("n2", "test", Duration.ofSeconds(5));
        SwitchoverRecord asked =
                Objects.requireNonNull(awaitView(view -> view.switchover() != null).switchover());
        assertThat(asked.phase()).isEqualTo(SwitchoverPhase.REQUESTED);
        assertThat(asked.to()).isEqualTo("n2");
        assertThat(operations.switchover("n2", "test", Duration.ofSeconds(5)))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("a switchover is under way");

        etcd.put(
                KEYS.switchover(),
                new SwitchoverRecord(
                        1,
                        asked.id(),
                        "n1",
                        "n2",
                        "test",
                        0,
                        5000,
                        SwitchoverPhase.DONE,
                        "",
                        Map.of("holding", 12L)));
        assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS).phaseMillis())
                .containsEntry("holding", 12L);
    }

    @Test
    void pauseIsSetAndTakenBackOnce() throws Exception {
        ClusterOperations operations = watcher.operations();
        awaitView(view -> view.proxies().contains(SELF));

        assertThat(operations.pause("test").get()).isTrue();
        assertThat(operations.pause("test").get()).isFalse();
        awaitView(view -> view.pause() != null);
        assertThat(operations.resume().get()).isTrue();
        assertThat(operations.resume().get()).isFalse();
    }

    private static SwitchoverRecord switchover(SwitchoverPhase phase) {
        return new SwitchoverRecord(1, "op", "n1", "n2", "test", 0, 5000, phase, "", Map.of());
    }

    /** Polls the key, since nobody but the switchover's driver watches acknowledgements. */
    private SwitchoverAck awaitAck(Predicate<SwitchoverAck> wanted) throws Exception {
        for (int i = 0; i < 5000; i++) {
            @Nullable SwitchoverAck ack = etcd.get(KEYS.switchoverAck("p1"), SwitchoverAck.class);
            if (ack != null && wanted.test(ack)) {
                return ack;
            }
        }
        throw new AssertionError("no such acknowledgement");
    }
}
