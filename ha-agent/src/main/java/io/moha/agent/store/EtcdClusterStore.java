package io.moha.agent.store;

import static io.moha.agent.store.SnapshotText.bytes;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Txn;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.moha.agent.store.EtcdLink.NoAnswerException;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.RecordText;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link ClusterStore} on etcd 3.4 or newer. One whole read is a read-only transaction, which etcd
 * answers linearizably. A watch that broke is opened again by the next read that is answered.
 */
public final class EtcdClusterStore implements ClusterStore {

    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdClusterStore.class);

    private final ClusterKeys keys;
    private final EtcdLink link;
    private final MemberLease memberLease;
    private final Object watchLock = new Object();
    private final AtomicInteger watchLosses = new AtomicInteger();
    private volatile Runnable onChange = () -> {};
    private Watch.@Nullable Watcher watcher;
    private boolean watching;
    private int watchedGeneration = -1;
    private int watchedLosses;

    /**
     * Opens the store.
     *
     * @param keys of the cluster
     * @param access how etcd is reached
     * @param ticker where time comes from
     * @param timeout bound on every call
     * @param memberTtl how long the member key outlives its agent; whole seconds
     * @throws IOException when certificates cannot be used
     */
    public EtcdClusterStore(
            ClusterKeys keys,
            EtcdAccess access,
            Ticker ticker,
            Duration timeout,
            Duration memberTtl)
            throws IOException {
        this.keys = keys;
        this.link = new EtcdLink(access, ticker, timeout);
        this.memberLease = new MemberLease(link, keys, memberTtl);
    }

    @Override
    public ClusterKeys keys() {
        return keys;
    }

    @Override
    public ReadOutcome read() {
        try {
            TxnResponse response =
                    link.call(
                            client ->
                                    EtcdLink.kv(client)
                                            .txn()
                                            .Then(SnapshotText.reads(keys))
                                            .commit());
            ensureWatch();
            return new ReadOutcome.Read(decode(response));
        } catch (NoAnswerException e) {
            return new ReadOutcome.Unavailable(String.valueOf(e.getMessage()));
        } catch (MalformedRecordException e) {
            return new ReadOutcome.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public CommitOutcome commit(Change change) {
        Cmp[] conditions =
                change.expected().entrySet().stream()
                        .flatMap(EtcdClusterStore::conditions)
                        .toArray(Cmp[]::new);
        Op[] writes =
                Stream.concat(
                                change.puts().entrySet().stream().map(EtcdClusterStore::put),
                                change.deletes().stream().map(EtcdClusterStore::delete))
                        .toArray(Op[]::new);
        try {
            TxnResponse response =
                    link.call(
                            client -> {
                                Txn txn = EtcdLink.kv(client).txn();
                                return txn.If(conditions)
                                        .Then(writes)
                                        .Else(SnapshotText.reads(keys))
                                        .commit();
                            });
            return response.isSucceeded()
                    ? new CommitOutcome.Done(response.getHeader().getRevision())
                    : new CommitOutcome.CompareFailed(decode(response));
        } catch (NoAnswerException | MalformedRecordException e) {
            return new CommitOutcome.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static Stream<Cmp> conditions(Map.Entry<String, Change.Expected> expected) {
        ByteSequence key = bytes(expected.getKey());
        Change.Expected there = expected.getValue();
        // A key that does not exist compares as modification revision 0.
        Cmp revision = new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(there.revision()));
        String text = there.text();
        return text == null
                ? Stream.of(revision)
                : Stream.of(revision, new Cmp(key, Cmp.Op.EQUAL, CmpTarget.value(bytes(text))));
    }

    private static Op put(Map.Entry<String, Record> put) {
        ByteSequence value = ByteSequence.from(RecordText.encode(put.getValue()));
        return Op.put(bytes(put.getKey()), value, PutOption.DEFAULT);
    }

    private static Op delete(String key) {
        return Op.delete(bytes(key), DeleteOption.DEFAULT);
    }

    private ClusterSnapshot decode(TxnResponse response) throws MalformedRecordException {
        return SnapshotText.decode(
                keys, response.getHeader().getRevision(), response.getGetResponses());
    }

    @Override
    public CommitOutcome register(MemberRecord member) {
        try {
            return new CommitOutcome.Done(memberLease.put(member));
        } catch (NoAnswerException e) {
            return new CommitOutcome.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void unregister() {
        memberLease.drop();
    }

    @Override
    public void watch(Runnable listener) {
        onChange = listener;
        synchronized (watchLock) {
            watching = true;
        }
        ensureWatch();
    }

    private void ensureWatch() {
        synchronized (watchLock) {
            int generation = link.generation();
            int losses = watchLosses.get();
            boolean alive = watchedGeneration == generation && watchedLosses == losses;
            if (!watching || alive) {
                return;
            }
            watchedGeneration = generation;
            watchedLosses = losses;
            WatchOption option =
                    WatchOption.builder().isPrefix(true).withRequireLeader(true).build();
            if (watcher != null) {
                // It may be about to open itself again, and one is enough.
                watcher.close();
            }
            watcher =
                    link.watches()
                            .watch(
                                    bytes(keys.root()),
                                    option,
                                    Watch.listener(
                                            response -> onChange.run(), this::watchLost, () -> {}));
        }
    }

    private void watchLost(@Nullable Throwable cause) {
        watchLosses.incrementAndGet();
        LOGGER.atDebug().addKeyValue("cause", String.valueOf(cause)).log("watch lost");
        onChange.run();
    }

    @Override
    public void close() {
        memberLease.close();
        link.close();
    }
}
