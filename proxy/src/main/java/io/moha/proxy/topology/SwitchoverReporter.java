package io.moha.proxy.topology;

import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.SwitchoverAck;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.RunningWork;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While a switchover is in phase HOLDING, tells its driver how many sessions still work on the old
 * primary. {@code holding} is only said once every event loop has the picture that makes it hold,
 * so that nothing can begin after a count of 0. Confined to the topology thread.
 */
final class SwitchoverReporter {

    private static final Logger LOGGER = LoggerFactory.getLogger(SwitchoverReporter.class);
    private static final int COUNT_EVERY_MS = 2;

    private final Supplier<EtcdLink> link;
    private final ScheduledExecutorService thread;
    private final String key;
    private final ProxyRegistration registration;

    private RunningWork work = () -> 0;
    private @Nullable String operation;
    private PrimaryState state = PrimaryState.NONE;
    private CompletableFuture<Void> delivered = CompletableFuture.completedFuture(null);
    private @Nullable SwitchoverAck written;
    private boolean writing;

    /**
     * @param link the present link to etcd
     * @param thread the topology thread
     * @param registration under whose lease the word is written
     */
    SwitchoverReporter(
            Supplier<EtcdLink> link,
            ScheduledExecutorService thread,
            String key,
            ProxyRegistration registration) {
        this.link = link;
        this.thread = thread;
        this.key = key;
        this.registration = registration;
    }

    /** From now on {@code counted} is what is counted. */
    void count(RunningWork counted) {
        work = counted;
    }

    /** A picture with {@code newState} was published; {@code told} completes with its delivery. */
    void onPublished(PrimaryState newState, CompletableFuture<Void> told) {
        state = newState;
        delivered = told;
    }

    /** The switchover record as it is now; begins, goes on or ends reporting. */
    void onSwitchover(@Nullable SwitchoverRecord record) {
        if (record == null || record.phase() != SwitchoverPhase.HOLDING) {
            operation = null;
            return;
        }
        if (!record.id().equals(operation)) {
            operation = record.id();
            written = null;
            report(record.id());
        }
    }

    private void report(String current) {
        if (!current.equals(operation)) {
            return;
        }
        boolean holding = state != PrimaryState.SERVING && delivered.isDone();
        SwitchoverAck ack = new SwitchoverAck(1, current, holding, work.onPrimary());
        if (isNews(ack) && !writing) {
            write(ack);
        }
        thread.schedule(() -> report(current), COUNT_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** The driver waits for two words: that all hold, and that nothing is left. */
    private boolean isNews(SwitchoverAck ack) {
        SwitchoverAck before = written;
        return before == null
                || ack.holding() != before.holding()
                || (ack.inTransaction() == 0) != (before.inTransaction() == 0);
    }

    private void write(SwitchoverAck ack) {
        writing = true;
        written = ack;
        link.get()
                .put(key, RecordText.encode(ack), registration.lease())
                .whenCompleteAsync((_, error) -> onWritten(ack, error), thread);
    }

    private void onWritten(SwitchoverAck ack, @Nullable Throwable error) {
        writing = false;
        if (error != null) {
            written = null;
            LOGGER.atWarn()
                    .addKeyValue("operation", ack.operation())
                    .setCause(error)
                    .log("could not report on the switchover, trying again");
        }
    }
}
