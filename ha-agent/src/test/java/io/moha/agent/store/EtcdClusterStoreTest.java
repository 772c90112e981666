package io.moha.agent.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EtcdClusterStoreTest {

    private static final Duration CALL = Duration.ofSeconds(1);
    private static final Duration MEMBER_TTL = Duration.ofSeconds(3);

    @TempDir private static Path directory;
    private static LocalEtcd etcd;

    private EtcdClusterStore store;
    private EtcdClusterStore other;

    @BeforeAll
    static void startEtcd() throws Exception {
        etcd = new LocalEtcd(directory.resolve("etcd"));
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    @BeforeEach
    void open(TestInfo test) throws Exception {
        String cluster = test.getTestMethod().orElseThrow().getName();
        store = opened(cluster);
        other = opened(cluster);
        awaitRead(_ -> true);
    }

    @AfterEach
    void close() {
        store.close();
        other.close();
    }

    private static EtcdClusterStore opened(String cluster) throws Exception {
        return opened(cluster, etcd.endpoint());
    }

    private static EtcdClusterStore opened(String cluster, URI... endpoints) throws Exception {
        return new EtcdClusterStore(
                ClusterKeys.of("/moha", cluster),
                EtcdAccess.plain(List.of(endpoints), Duration.ofMillis(500)),
                Ticker.system(),
                CALL,
                MEMBER_TTL);
    }

    @Test
    void emptyClusterHasNothing() {
        ClusterSnapshot seen = read(store);

        assertThat(seen.leader()).isNull();
        assertThat(seen.sync()).isNull();
        assertThat(seen.members()).isEmpty();
        assertThat(seen.lastPrimary()).isNull();
        assertThat(seen.leaderRevision()).isZero();
    }

    @Test
    void leaderAndSyncAreWrittenTogetherAndReadBack() {
        CommitOutcome outcome =
                store.commit(
                        Change.empty()
                                .replace(store.keys().leader(), 0, leader(1, "n1"))
                                .replace(store.keys().sync(), 0, sync()));

        assertThat(outcome).isInstanceOf(CommitOutcome.Done.class);
        ClusterSnapshot seen = read(other);
        assertThat(seen.leaderRecord()).isEqualTo(leader(1, "n1"));
        assertThat(seen.syncRecord()).isEqualTo(sync());
        assertThat(seen.leaderRevision()).isEqualTo(((CommitOutcome.Done) outcome).revision());
    }

    @Test
    void loserOfARaceLearnsWhoWon() {
        store.commit(Change.empty().replace(store.keys().leader(), 0, leader(1, "n1")));

        CommitOutcome outcome =
                other.commit(Change.empty().replace(other.keys().leader(), 0, leader(1, "n2")));

        assertThat(outcome).isInstanceOf(CommitOutcome.CompareFailed.class);
        ClusterSnapshot now = ((CommitOutcome.CompareFailed) outcome).now();
        assertThat(now.leaderRecord()).isEqualTo(leader(1, "n1"));
    }

    @Test
    void aRevisionThatARestoredStoreCountsAgainIsNotTheSame() {
        String key = store.keys().leader();
        store.commit(Change.empty().replace(key, 0, leader(1, "n1")));
        Versioned<LeaderRecord> there = Objects.requireNonNull(read(other).leader());
        Versioned<LeaderRecord> otherwise = Versioned.written(leader(1, "n2"), there.revision());

        assertThat(store.commit(Change.empty().replace(key, otherwise, leader(2, "n2"))))
                .isInstanceOf(CommitOutcome.CompareFailed.class);
        CommitOutcome outcome = store.commit(Change.empty().replace(key, there, leader(2, "n2")));

        assertThat(outcome).isInstanceOf(CommitOutcome.Done.class);
        long revision = ((CommitOutcome.Done) outcome).revision();
        Versioned<LeaderRecord> own = Versioned.written(leader(2, "n2"), revision);
        assertThat(store.commit(Change.empty().replace(key, own, leader(3, "n1"))))
                .isInstanceOf(CommitOutcome.Done.class);
    }

    @Test
    void nothingIsWrittenWhenOneOfTwoExpectationsFails() {
        store.commit(Change.empty().replace(store.keys().sync(), 0, sync()));

        CommitOutcome outcome =
                store.commit(
                        Change.empty()
                                .replace(store.keys().leader(), 0, leader(1, "n1"))
                                .expect(store.keys().sync(), 1));

        assertThat(outcome).isInstanceOf(CommitOutcome.CompareFailed.class);
        assertThat(read(store).leader()).isNull();
    }

    @Test
    void onlyTheLastChangeOfPrimaryIsRead() {
        store.commit(Change.empty().put(store.keys().history(9), history(9, "n1")));
        store.commit(Change.empty().put(store.keys().history(10), history(10, "n2")));

        assertThat(read(store).lastPrimary()).isEqualTo("n2");
    }

    @Test
    void deletedKeyIsGone() {
        store.commit(Change.empty().put(store.keys().sync(), sync()));

        store.commit(Change.empty().delete(store.keys().sync()));

        assertThat(read(store).sync()).isNull();
    }

    @Test
    void oneRecordThatCannotBeUnderstoodDoesNotHideTheOthers() throws Exception {
        store.commit(Change.empty().put(store.keys().sync(), sync()));
        store.commit(Change.empty().put(store.keys().member("n7"), new Unknown("x")));

        assertThat(read(other).sync()).isNotNull();
        assertThat(read(other).members()).isEmpty();
    }

    /** What no agent of this version writes. */
    private record Unknown(String what) {}

    @Test
    void memberOfEtcdThatHangsCostsOneCallAtMost() throws Exception {
        try (LocalEtcd hangs = new LocalEtcd(directory.resolve("hangs"));
                EtcdClusterStore only = opened("hangs", hangs.endpoint())) {
            awaitRead(only, _ -> true);
            try (EtcdClusterStore there = opened("hangs", hangs.endpoint(), etcd.endpoint())) {
                awaitRead(there, _ -> true);
                hangs.pause();

                // Calls go to the members in turn, so the first or the second meets it.
                long lost =
                        Stream.generate(there::read)
                                .limit(6)
                                .filter(answer -> !(answer instanceof ReadOutcome.Read))
                                .count();
                assertThat(lost).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void memberIsSeenUntilItsAgentUnregisters() {
        store.register(member("n1"));
        assertThat(read(other).members()).containsKey("n1");

        store.unregister();

        assertThat(read(other).members()).isEmpty();
    }

    @Test
    void memberOutlivesItsLeaseWhileItsAgentLives() throws Exception {
        store.register(member("n1"));
        Semaphore never = new Semaphore(0);

        boolean woken = never.tryAcquire(MEMBER_TTL.toMillis() + 2000, TimeUnit.MILLISECONDS);

        assertThat(woken).isFalse();
        assertThat(read(other).members()).containsKey("n1");
    }

    @Test
    void watchTellsOfAChange() throws Exception {
        Semaphore told = new Semaphore(0);
        other.watch(told::release);
        awaitRead(_ -> true);

        Moment begin = Ticker.system().now();
        do {
            store.commit(Change.empty().put(store.keys().sync(), sync()));
        } while (!told.tryAcquire(100, TimeUnit.MILLISECONDS)
                && Ticker.system().now().since(begin).toSeconds() < 10);

        assertThat(Ticker.system().now().since(begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void silentStoreIsUnavailableAndComesBackSoon() throws Exception {
        etcd.kill();
        Moment killed = Ticker.system().now();

        assertThat(store.read()).isInstanceOf(ReadOutcome.Unavailable.class);
        assertThat(store.commit(Change.empty().put(store.keys().sync(), sync())))
                .isInstanceOf(CommitOutcome.Unavailable.class);

        // Longer than gRPC's first waits, so that only a new connection comes back at once.
        while (Ticker.system().now().since(killed).toSeconds() < 6) {
            assertThat(store.read()).isInstanceOf(ReadOutcome.Unavailable.class);
        }
        etcd.restart();
        Moment restarted = Ticker.system().now();
        awaitRead(_ -> true);
        assertThat(Ticker.system().now().since(restarted)).isLessThan(Duration.ofSeconds(5));
    }

    private void awaitRead(Predicate<ClusterSnapshot> wanted) {
        awaitRead(store, wanted);
    }

    private static void awaitRead(EtcdClusterStore store, Predicate<ClusterSnapshot> wanted) {
        Moment begin = Ticker.system().now();
        while (Ticker.system().now().since(begin).toSeconds() < 15) {
            if (store.read() instanceof ReadOutcome.Read(ClusterSnapshot seen)
                    && wanted.test(seen)) {
                return;
            }
        }
        throw new AssertionError("the store did not answer");
    }

    private static ClusterSnapshot read(ClusterStore from) {
        ReadOutcome outcome = from.read();
        assertThat(outcome).isInstanceOf(ReadOutcome.Read.class);
        return ((ReadOutcome.Read) outcome).snapshot();
    }

    private static LeaderRecord leader(long epoch, String holder) {
        return new LeaderRecord(
                1, epoch, holder, "i", 5000, 1, LeaderState.SERVING, false, "", "a:1", "u", "r");
    }

    private static SyncRecord sync() {
        return new SyncRecord(
                1, SyncMode.SYNC, 1, List.of("n2"), List.of("n1", "n2"), "some-cluster");
    }

    private static HistoryRecord history(long epoch, String to) {
        return new HistoryRecord(
                1, epoch, 0, HistoryRecord.Kind.FAILOVER, "", null, to, Map.of(), "", null);
    }

    private static MemberRecord member(String id) {
        return new MemberRecord(
                1,
                id,
                "",
                "a:1",
                "a:2",
                "",
                100,
                false,
                1,
                "i",
                new MemberReport(
                        NodeRole.REPLICA, "", 0, "", "", true, true, true, 0, null, null, null));
    }
}
