package io.moha.proxy.topology;

import io.etcd.jetcd.KeyValue;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link ClusterOperations} by transactions on the store. */
final class StoreOperations implements ClusterOperations {

    // The record's own timeout ends at the commit point; promotion and cleaning up come after.
    private static final Duration AFTER_COMMIT = Duration.ofSeconds(10);

    private final TopologyWatcher topology;
    private final ClusterKeys keys;
    private final WallClock clock = WallClock.system();

    StoreOperations(TopologyWatcher topology, ClusterKeys keys) {
        this.topology = topology;
        this.keys = keys;
    }

    @Override
    public CompletableFuture<SwitchoverRecord> switchover(
            @Nullable String to, String by, Duration timeout) {
        return ask(SwitchoverPhase.REQUESTED, to, by, timeout);
    }

    @Override
    public CompletableFuture<String> rehearse(@Nullable String to, String by, Duration timeout) {
        return ask(SwitchoverPhase.ASKED, to, by, timeout)
                .thenApply(answer -> answer.phase() == SwitchoverPhase.DONE ? "" : answer.reason());
    }

    private CompletableFuture<SwitchoverRecord> ask(
            SwitchoverPhase phase, @Nullable String to, String by, Duration timeout) {
        ClusterView view = topology.view();
        String refusal = refusal(view, to);
        if (refusal != null) {
            return CompletableFuture.failedFuture(new ClusterOperationException(refusal));
        }
        SwitchoverRecord request =
                new SwitchoverRecord(
                        1,
                        UUID.randomUUID().toString(),
                        null,
                        to,
                        by,
                        clock.now().toEpochMilli(),
                        timeout.toMillis(),
                        phase,
                        "",
                        Map.of());
        CompletableFuture<SwitchoverRecord> ended =
                topology.modRevision(keys.switchover())
                        .thenCompose(revision -> request(request, revision))
                        .thenCompose(_ -> end(request, timeout.plus(AFTER_COMMIT)));
        return inWords(ended);
    }

    private static @Nullable String refusal(ClusterView view, @Nullable String to) {
        SwitchoverRecord last = view.switchover();
        if (view.leader() == null) {
            return "there is no primary to switch over from";
        }
        if (last != null && last.phase().isUnderWay()) {
            return "a switchover is under way, in phase " + last.phase();
        }
        if (to != null && view.members().stream().noneMatch(member -> member.id().equals(to))) {
            return "there is no node '" + to + "'";
        }
        if (to != null && to.equals(view.leader().holder())) {
            return "'" + to + "' is the primary already";
        }
        return null;
    }

    private CompletableFuture<Void> request(SwitchoverRecord request, long revision) {
        byte[] json = RecordText.encode(request);
        return topology.withLink(link -> link.putIf(keys.switchover(), revision, json))
                .thenAccept(
                        taken -> {
                            if (!taken) {
                                throw new ClusterOperationException(
                                        "somebody else began a switchover at the same moment");
                            }
                        });
    }

    private CompletableFuture<SwitchoverRecord> end(SwitchoverRecord request, Duration bound) {
        return topology.await(view -> isEnd(view.switchover(), request.id()))
                .orTimeout(bound.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(view -> last(view, request));
    }

    private static boolean isEnd(@Nullable SwitchoverRecord record, String id) {
        return record != null && record.id().equals(id) && record.phase().isFinal();
    }

    private static SwitchoverRecord last(ClusterView view, SwitchoverRecord request) {
        SwitchoverRecord record = view.switchover();
        return record == null ? request : record;
    }

    @Override
    public CompletableFuture<Boolean> pause(String by) {
        PauseRecord record = new PauseRecord(1, by, clock.now().toEpochMilli());
        return inWords(
                topology.withLink(link -> link.putIf(keys.pause(), 0, RecordText.encode(record))));
    }

    @Override
    public CompletableFuture<Boolean> resume() {
        return inWords(topology.withLink(link -> link.delete(keys.pause())));
    }

    @Override
    public CompletableFuture<List<HistoryRecord>> history() {
        return inWords(
                topology.withLink(link -> link.readAll(keys.history()))
                        .thenApply(
                                values ->
                                        values.stream().flatMap(StoreOperations::decode).toList()));
    }

    private static Stream<HistoryRecord> decode(KeyValue value) {
        try {
            return Stream.of(RecordText.decode(value.getValue().getBytes(), HistoryRecord.class));
        } catch (MalformedRecordException e) {
            return Stream.empty();
        }
    }

    private static <T> CompletableFuture<T> inWords(CompletableFuture<T> call) {
        return call.exceptionallyCompose(error -> CompletableFuture.failedFuture(inWords(error)));
    }

    private static ClusterOperationException inWords(Throwable error) {
        Throwable cause =
                error instanceof CompletionException && error.getCause() != null
                        ? error.getCause()
                        : error;
        return switch (cause) {
            case ClusterOperationException said -> said;
            case TimeoutException late ->
                    new ClusterOperationException("no answer in time; see SHOW CLUSTER");
            default -> new ClusterOperationException("etcd refused: " + cause.getMessage());
        };
    }
}
