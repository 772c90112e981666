package io.moha.cli;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import io.moha.protocol.config.EtcdConfig;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One cluster's part of the store, as the commands use it. Its calls block for at most {@link
 * #LIMIT}. Thread-safe. The only class of the command line that knows jetcd.
 */
public final class ClusterClient implements AutoCloseable {

    /** How long the store is given to answer one call. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    private static final ByteSequence NOTHING = ByteSequence.from(new byte[0]);

    private final Client client;
    private final ClusterKeys keys;
    private final String where;

    private ClusterClient(Client client, ClusterKeys keys, String where) {
        this.client = client;
        this.keys = keys;
        this.where = where;
    }

    /** A client of {@code cluster}; connects at the first call. */
    public static ClusterClient open(EtcdConfig etcd, String cluster) throws ClusterException {
        ClientBuilder builder =
                Client.builder()
                        .endpoints(etcd.endpoints().toArray(URI[]::new))
                        .connectTimeout(Duration.ofSeconds(2))
                        .keepaliveTime(Duration.ofSeconds(10))
                        .keepaliveTimeout(Duration.ofSeconds(5))
                        .retryMaxAttempts(3);
        if (etcd.username() != null && etcd.password() != null) {
            builder.user(bytes(etcd.username())).password(bytes(etcd.password().reveal()));
        }
        EtcdConfig.Tls tls = etcd.tls();
        boolean encrypted =
                tls != null
                        || etcd.endpoints().stream().anyMatch(at -> "https".equals(at.getScheme()));
        if (encrypted) {
            encrypt(builder, tls);
        }
        return new ClusterClient(
                builder.build(),
                ClusterKeys.of(etcd.prefix(), cluster),
                String.join(",", etcd.endpoints().stream().map(URI::toString).toList()));
    }

    private static void encrypt(ClientBuilder builder, EtcdConfig.@Nullable Tls tls)
            throws ClusterException {
        try {
            builder.sslContext(
                    context -> {
                        if (tls != null && tls.ca() != null) {
                            context.trustManager(file(tls.ca()));
                        }
                        if (tls != null && tls.cert() != null && tls.key() != null) {
                            context.keyManager(file(tls.cert()), file(tls.key()));
                        }
                    });
        } catch (SSLException | IllegalArgumentException e) {
            throw new ClusterException("etcd.tls cannot be used: " + e.getMessage(), e);
        }
    }

    private static File file(Path path) {
        return path.toFile();
    }

    /** The keys of this cluster. */
    public ClusterKeys keys() {
        return keys;
    }

    /** Reads everything, linearizably. */
    public ClusterPicture read() throws ClusterException {
        ByteSequence root = bytes(keys.root());
        List<KeyValue> found =
                await(client.getKVClient().get(root, GetOption.builder().isPrefix(true).build()))
                        .getKvs();
        Map<String, KeyValue> all = new HashMap<>();
        for (KeyValue entry : found) {
            all.put(entry.getKey().toString(StandardCharsets.UTF_8), entry);
        }
        SortedMap<Long, HistoryRecord> history = new TreeMap<>();
        for (HistoryRecord change :
                below(all, keys.root() + "history/", HistoryRecord.class).values()) {
            history.put(change.epoch(), change);
        }
        return new ClusterPicture(
                one(all, keys.leader(), LeaderRecord.class),
                one(all, keys.sync(), SyncRecord.class),
                below(all, keys.members(), MemberRecord.class),
                below(all, keys.proxies(), ProxyRecord.class),
                one(all, keys.switchover(), SwitchoverRecord.class),
                history,
                one(all, keys.settings(), SettingsRecord.class),
                one(all, keys.pause(), PauseRecord.class));
    }

    /** The present or last order to bring {@code node} back; null when there was none. */
    public @Nullable Stored<RejoinRecord> rejoin(String node) throws ClusterException {
        String key = keys.rejoin(node);
        List<KeyValue> found = await(client.getKVClient().get(bytes(key))).getKvs();
        return found.isEmpty()
                ? null
                : new Stored<>(
                        decode(key, found.getFirst(), RejoinRecord.class),
                        found.getFirst().getModRevision());
    }

    /**
     * Writes {@code value} under {@code key}, or deletes it when null, if the key's revision still
     * is {@code expected} (0: the key does not exist). False when it is not.
     */
    public boolean replace(String key, long expected, @Nullable Record value)
            throws ClusterException {
        return change(Map.of(key, expected), key, value);
    }

    /**
     * Writes {@code value} under {@code key}, or deletes it when null, if every key of {@code
     * expected} still has its revision there (0: it does not exist). False when one has not.
     */
    public boolean change(Map<String, Long> expected, String key, @Nullable Record value)
            throws ClusterException {
        List<Cmp> conditions = new ArrayList<>();
        expected.forEach((name, revision) -> conditions.add(unchanged(name, revision)));
        Op operation =
                value == null ? Op.delete(bytes(key), DeleteOption.DEFAULT) : put(key, value);
        TxnResponse response =
                await(
                        client.getKVClient()
                                .txn()
                                .If(conditions.toArray(Cmp[]::new))
                                .Then(operation)
                                .commit());
        return response.isSucceeded();
    }

    /**
     * Writes the two records of authority in place of those of {@code seen}, and removes what went
     * with those: the history, and any switchover. False when somebody else was faster.
     */
    public boolean recover(ClusterPicture seen, LeaderRecord leader, SyncRecord sync)
            throws ClusterException {
        long leaderRevision = seen.leader() == null ? 0 : seen.leader().revision();
        long syncRevision = seen.sync() == null ? 0 : seen.sync().revision();
        DeleteOption all = DeleteOption.builder().isPrefix(true).build();
        TxnResponse response =
                await(
                        client.getKVClient()
                                .txn()
                                .If(
                                        unchanged(keys.leader(), leaderRevision),
                                        unchanged(keys.sync(), syncRevision))
                                .Then(
                                        put(keys.leader(), leader),
                                        put(keys.sync(), sync),
                                        Op.delete(bytes(keys.history()), all),
                                        Op.delete(bytes(keys.switchover()), DeleteOption.DEFAULT))
                                .commit());
        return response.isSucceeded();
    }

    private static Cmp unchanged(String key, long revision) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    private static Op put(String key, Record value) {
        return Op.put(bytes(key), ByteSequence.from(RecordText.encode(value)), PutOption.DEFAULT);
    }

    /** Calls {@code onChange}, on a thread of the client, after anything in the cluster changed. */
    public AutoCloseable watch(Runnable onChange) {
        WatchOption everything =
                WatchOption.builder().isPrefix(true).withRequireLeader(true).build();
        Watch.Watcher watcher =
                client.getWatchClient()
                        .watch(
                                bytes(keys.root()),
                                everything,
                                Watch.listener(
                                        change -> onChange.run(), failure -> onChange.run()));
        return watcher;
    }

    @Override
    public void close() {
        client.close();
    }

    private <T> T await(CompletableFuture<T> answer) throws ClusterException {
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ClusterException(
                    "etcd at " + where + " does not answer; is it running there?", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ClusterException("etcd at " + where + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while waiting for etcd", e);
        }
    }

    private static <R extends Record> @Nullable Stored<R> one(
            Map<String, KeyValue> all, String key, Class<R> type) throws ClusterException {
        KeyValue entry = all.get(key);
        if (entry == null || entry.getValue().equals(NOTHING)) {
            return null;
        }
        return new Stored<>(decode(key, entry, type), entry.getModRevision());
    }

    private static <R extends Record> SortedMap<String, R> below(
            Map<String, KeyValue> all, String prefix, Class<R> type) throws ClusterException {
        SortedMap<String, R> found = new TreeMap<>();
        for (Map.Entry<String, KeyValue> entry : all.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                String name = entry.getKey().substring(prefix.length());
                found.put(name, decode(entry.getKey(), entry.getValue(), type));
            }
        }
        return found;
    }

    private static <R extends Record> R decode(String key, KeyValue entry, Class<R> type)
            throws ClusterException {
        try {
            return RecordText.decode(entry.getValue().getBytes(), type);
        } catch (MalformedRecordException e) {
            throw new ClusterException("the store holds at " + key + " " + e.getMessage(), e);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
