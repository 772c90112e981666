package io.moha.agent;

import io.moha.agent.decide.Verdict;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
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
    private final Ticker ticker;
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private @Nullable MemberRecord wanted;
    private @Nullable MemberRecord written;
    private long writtenRevision = Long.MAX_VALUE;
    private @Nullable Moment correctedAt;
    private boolean urgent;
    private volatile boolean closed;

    MemberReporter(ClusterStore store, Threads threads) {
        this.store = store;
        this.ticker = threads.ticker();
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

    /**
     * Tells what the store had at {@code revision}. A write that was given up without an answer may
     * happen later, and put an old report over a newer one: that is written again.
     */
    synchronized void seen(@Nullable MemberRecord there, long revision) {
        MemberRecord last = written;
        Moment now = ticker.now();
        Moment corrected = correctedAt;
        boolean replaced =
                last != null
                        && there != null
                        && revision >= writtenRevision
                        && !matter(there).equals(matter(last));
        if (replaced && (corrected == null || now.since(corrected).compareTo(RETRY) >= 0)) {
            correctedAt = now;
            urgent = true;
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
            } else {
                CommitOutcome outcome = store.register(record);
                if (outcome instanceof CommitOutcome.Done(long revision)) {
                    done(revision);
                } else {
                    LOGGER.atDebug().addKeyValue("outcome", outcome).log("member not reported");
                    failed();
                    wakeup.await(RETRY);
                }
            }
        }
    }

    private synchronized void done(long revision) {
        writtenRevision = revision;
    }

    private synchronized @Nullable MemberRecord take() {
        if (!isDue()) {
            return null;
        }
        urgent = false;
        writtenRevision = Long.MAX_VALUE;
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
                        Objects.requireNonNullElse(report.error(), ""),
                        report.standsBy(),
                        diskBand(report.diskPercent())),
                record.formerUuids(),
                record.remembered());
    }

    private static int diskBand(@Nullable Integer percent) {
        return percent == null ? -1 : Math.max(percent, Verdict.ALARM_PERCENT - 1);
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
