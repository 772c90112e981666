package io.moha.agent;

import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this node's member record whenever something in it changed that others act on, on its own
 * thread. Figures that move all the time do not count as a change.
 */
final class MemberReporter implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(MemberReporter.class);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final ClusterStore store;
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private @Nullable MemberRecord wanted;
    private @Nullable MemberRecord written;
    private boolean urgent;
    private volatile boolean closed;

    MemberReporter(ClusterStore store, Threads threads) {
        this.store = store;
        this.wakeup = threads.wakeup();
        this.thread = threads.worker("member-report", this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Makes {@code record} what others see, if it differs in what matters from what they see
     * already, or if {@code exact}. A later call replaces an earlier one.
     */
    void report(MemberRecord record, boolean exact) {
        boolean due;
        synchronized (this) {
            wanted = record;
            urgent |= exact;
            due = isDue();
        }
        if (due) {
            wakeup.wake();
        }
    }

    private boolean isDue() {
        MemberRecord record = wanted;
        if (record == null) {
            return false;
        }
        MemberRecord before = written;
        return urgent || before == null || !matter(record).equals(matter(before));
    }

    private void run() throws InterruptedException {
        while (!closed) {
            MemberRecord record = take();
            if (record == null) {
                wakeup.await(IDLE);
            } else if (store.register(record) instanceof CommitOutcome.Unavailable(String reason)) {
                LOGGER.atDebug().addKeyValue("cause", reason).log("member not reported");
                failed();
                wakeup.await(RETRY);
            }
        }
    }

    private synchronized @Nullable MemberRecord take() {
        if (!isDue()) {
            return null;
        }
        urgent = false;
        written = wanted;
        return wanted;
    }

    private synchronized void failed() {
        urgent = true;
    }

    private static MemberRecord matter(MemberRecord record) {
        MemberReport report = record.report();
        return new MemberRecord(
                record.version(),
                record.id(),
                record.serverUuid(),
                record.address(),
                record.http(),
                record.zone(),
                record.priority(),
                record.neverPromote(),
                record.protocolVersion(),
                record.incarnation(),
                new MemberReport(
                        report.role(),
                        report.reason(),
                        report.promisedEpoch(),
                        "",
                        "",
                        report.intact(),
                        report.ioRunning(),
                        report.sqlRunning(),
                        lagBand(report.lagMs()),
                        report.source(),
                        report.mysqlVersion(),
                        Objects.requireNonNullElse(report.error(), "")));
    }

    private static long lagBand(long lagMs) {
        if (lagMs < 0) {
            return -1;
        }
        if (lagMs <= 1_000) {
            return 0;
        }
        if (lagMs <= 5_000) {
            return 1;
        }
        return lagMs <= 30_000 ? 2 : 3;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
