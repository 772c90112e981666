package io.moha.proxy.topology;

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
import io.moha.protocol.config.EtcdConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One jetcd client with bounds on everything: every call has a time limit, none is repeated here. A
 * link that fails is thrown away and replaced, because gRPC waits ever longer between its own
 * attempts to reconnect, and because a member cut off from the others stays connected but answers
 * nothing. Thread-safe; results come on threads of jetcd or of the common pool.
 */
final class EtcdLink implements AutoCloseable {

    private static final Duration CALL_TIMEOUT = Duration.ofMillis(1500);
    // A new link has to connect first, and in a young process to load half of gRPC.
    private static final Duration FIRST_CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    // etcd drops clients that ping more often than every 5 s (--grpc-keepalive-min-time).
    private static final Duration KEEPALIVE_TIME = Duration.ofSeconds(6);
    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(2);

    private final Client client;
    private volatile boolean answered;

    /** A link that tries {@code config}'s endpoints beginning with the {@code first}-th. */
    EtcdLink(EtcdConfig config, int first) {
        List<URI> endpoints = new ArrayList<>(config.endpoints());
        Collections.rotate(endpoints, -first);
        ClientBuilder builder =
                Client.builder()
                        .endpoints(endpoints)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepaliveTime(KEEPALIVE_TIME)
                        .keepaliveTimeout(KEEPALIVE_TIMEOUT)
                        .keepaliveWithoutCalls(true)
                        .retryMaxAttempts(0)
                        .waitForReady(false);
        if (config.username() != null && config.password() != null) {
            builder.user(bytes(config.username())).password(bytes(config.password().reveal()));
        }
        if (config.tls() != null) {
            secure(builder, config.tls());
        }
        client = builder.build();
    }

    private static void secure(ClientBuilder builder, EtcdConfig.Tls tls) {
        try {
            builder.sslContext(
                    context -> {
                        if (tls.ca() != null) {
                            context.trustManager(tls.ca().toFile());
                        }
                        if (tls.cert() != null && tls.key() != null) {
                            context.keyManager(tls.cert().toFile(), tls.key().toFile());
                        }
                    });
        } catch (SSLException e) {
            throw new IllegalArgumentException("etcd.tls cannot be used: " + e.getMessage(), e);
        }
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether etcd ever answered over this link. */
    boolean hasAnswered() {
        return answered;
    }

    /** Everything but the history, in one linearizable read. */
    CompletableFuture<StoreRead> read(ClusterKeys keys) {
        Op[] gets = {
            get(keys.leader(), false),
            get(keys.sync(), false),
            get(keys.members(), true),
            get(keys.proxies(), true),
            get(keys.switchover(), false),
            get(keys.pause(), false),
            get(keys.settings(), false)
        };
        return bounded(client.getKVClient().txn().Then(gets).commit())
                .thenApply(
                        response ->
                                new StoreRead(
                                        response.getHeader().getClusterId(),
                                        response.getHeader().getRevision(),
                                        values(response)));
    }

    /** Every key under {@code prefix}, in order. */
    CompletableFuture<List<KeyValue>> readAll(String prefix) {
        GetOption option = GetOption.builder().isPrefix(true).build();
        return bounded(client.getKVClient().get(bytes(prefix), option))
                .thenApply(response -> response.getKvs());
    }

    /**
     * Watches everything under {@code prefix} from {@code revision} on; ends with an error when the
     * member it is connected to has lost its leader.
     */
    Watch.Watcher watch(String prefix, long revision, Watch.Listener listener) {
        WatchOption option =
                WatchOption.builder()
                        .isPrefix(true)
                        .withRevision(revision)
                        .withRequireLeader(true)
                        .build();
        return client.getWatchClient().watch(bytes(prefix), option, listener);
    }

    /** Writes {@code key}; with {@code lease} 0 for good. */
    CompletableFuture<Void> put(String key, byte[] value, long lease) {
        PutOption option = PutOption.builder().withLeaseId(lease).build();
        return bounded(client.getKVClient().put(bytes(key), ByteSequence.from(value), option))
                .thenApply(_ -> null);
    }

    /** Writes {@code key} if it was last written at {@code modRevision}, 0 for never. */
    CompletableFuture<Boolean> putIf(String key, long modRevision, byte[] value) {
        Cmp unchanged = new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(modRevision));
        Op put = Op.put(bytes(key), ByteSequence.from(value), PutOption.DEFAULT);
        return bounded(client.getKVClient().txn().If(unchanged).Then(put).commit())
                .thenApply(TxnResponse::isSucceeded);
    }

    /** Writes {@code key} under {@code lease} unless it exists; whether it did not. */
    CompletableFuture<Boolean> claim(String key, byte[] value, long lease) {
        Cmp absent = new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.version(0));
        PutOption option = PutOption.builder().withLeaseId(lease).build();
        Op put = Op.put(bytes(key), ByteSequence.from(value), option);
        return bounded(client.getKVClient().txn().If(absent).Then(put).commit())
                .thenApply(TxnResponse::isSucceeded);
    }

    /** Removes {@code key}; tells whether it was there. */
    CompletableFuture<Boolean> delete(String key) {
        return bounded(client.getKVClient().delete(bytes(key), DeleteOption.DEFAULT))
                .thenApply(response -> response.getDeleted() > 0);
    }

    /** A new lease of {@code ttlSeconds}. */
    CompletableFuture<Long> grant(long ttlSeconds) {
        return bounded(client.getLeaseClient().grant(ttlSeconds))
                .thenApply(response -> response.getID());
    }

    /** Renews a lease; false when it had already run out. */
    CompletableFuture<Boolean> keepAlive(long lease) {
        return bounded(client.getLeaseClient().keepAliveOnce(lease))
                .handle(
                        (response, error) -> {
                            if (error == null) {
                                return response.getTTL() > 0;
                            }
                            if (isLeaseGone(error)) {
                                return false;
                            }
                            throw new IllegalStateException("no answer", error);
                        });
    }

    /** Ends a lease and with it all keys under it. */
    CompletableFuture<Void> revoke(long lease) {
        return bounded(client.getLeaseClient().revoke(lease)).thenApply(_ -> null);
    }

    /** Closes the connections; calls still under way end with an error. */
    @Override
    public void close() {
        client.close();
    }

    private static boolean isLeaseGone(@Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && message.contains("requested lease not found")) {
                return true;
            }
        }
        return false;
    }

    private <T> CompletableFuture<T> bounded(CompletableFuture<T> call) {
        Duration limit = answered ? CALL_TIMEOUT : FIRST_CALL_TIMEOUT;
        return call.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, error) -> answered |= error == null);
    }

    private static Op get(String key, boolean prefix) {
        return Op.get(bytes(key), GetOption.builder().isPrefix(prefix).build());
    }

    private static List<KeyValue> values(TxnResponse response) {
        return response.getGetResponses().stream().flatMap(got -> got.getKvs().stream()).toList();
    }
}
