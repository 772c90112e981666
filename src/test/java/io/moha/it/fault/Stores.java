package io.moha.it.fault;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.watch.WatchEvent;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What etcd says of itself. */
final class Stores {

    private static final ClusterKeys KEYS = ClusterKeys.of("/moha", FaultCluster.NAME);

    private Stores() {}

    /** Tells {@code listener} of each leader record from now on, until the result is closed. */
    static AutoCloseable onLeader(FaultCluster cluster, Consumer<LeaderRecord> listener) {
        return onRecord(cluster, KEYS.leader(), LeaderRecord.class, listener);
    }

    /** Tells {@code listener} of each step of a switchover, until the result is closed. */
    static AutoCloseable onSwitchover(FaultCluster cluster, Consumer<SwitchoverRecord> listener) {
        return onRecord(cluster, KEYS.switchover(), SwitchoverRecord.class, listener);
    }

    private static <R extends Record> AutoCloseable onRecord(
            FaultCluster cluster, String key, Class<R> type, Consumer<R> listener) {
        Client client =
                Client.builder()
                        .endpoints(
                                FaultCluster.ETCDS.stream()
                                        .map(id -> "http://" + cluster.etcd(id).client())
                                        .toArray(String[]::new))
                        .build();
        client.getWatchClient()
                .watch(
                        ByteSequence.from(key, StandardCharsets.UTF_8),
                        Watch.listener(
                                changes ->
                                        changes.getEvents()
                                                .forEach(event -> tell(listener, event, type))));
        return client;
    }

    private static <R extends Record> void tell(
            Consumer<R> listener, WatchEvent event, Class<R> type) {
        if (event.getEventType() == WatchEvent.EventType.PUT) {
            try {
                listener.accept(RecordText.decode(event.getKeyValue().getValue().getBytes(), type));
            } catch (MalformedRecordException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The id of the member that leads. */
    static String leader(FaultCluster cluster)
            throws ExecutionException, InterruptedException, TimeoutException {
        for (String id : FaultCluster.ETCDS) {
            String url = "http://" + cluster.etcd(id).client();
            try (Client client = Client.builder().endpoints(url).build()) {
                StatusResponse status =
                        client.getMaintenanceClient().statusMember(url).get(5, TimeUnit.SECONDS);
                if (status.getHeader().getMemberId() == status.getLeader()) {
                    return id;
                }
            }
        }
        throw new AssertionError("no member of etcd leads");
    }
}
