package io.moha.proxy.topology;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.watch.WatchResponse;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.config.EtcdConfig;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link StoreCopy} of the cluster's keys. A watch brings changes within milliseconds; a
 * linearizable poll each second finds what a dead watch missed. Whoever fails is replaced: the
 * watch after the next good poll, the link after two bad ones. Confined to the topology thread but
 * where a method says otherwise.
 */
final class StoreFollower {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreFollower.class);
    private static final Duration POLL_EVERY = Duration.ofSeconds(1);
    private static final Duration POLL_SOON = Duration.ofMillis(200);
    private static final int FAILURES_BEFORE_NEW_LINK = 2;

    private final EtcdConfig config;
    private final ClusterKeys keys;
    private final Ticker ticker;
    private final ScheduledExecutorService thread;
    private final Runnable onNews;
    private final StoreCopy copy = new StoreCopy();
    private final AtomicBoolean pollAsked = new AtomicBoolean();

    private volatile @Nullable Moment lastContact;
    private @Nullable EtcdLink link;
    private @Nullable Future<?> nextPoll;
    private int linkNumber;
    private int failures;
    private boolean polling;
    private boolean pollAgain;
    private boolean closed;
    private Watch.@Nullable Watcher watcher;
    private long watchNumber;
    private long watchedUpTo;
    private long missedWrite;

    /**
     * @param thread the topology thread
     * @param onNews called on it after each answer and each change
     */
    StoreFollower(
            EtcdConfig config,
            ClusterKeys keys,
            Ticker ticker,
            ScheduledExecutorService thread,
            Runnable onNews) {
        this.config = config;
        this.keys = keys;
        this.ticker = ticker;
        this.thread = thread;
        this.onNews = onNews;
    }

    /** Polls at once, or right after the poll under way; from any thread, cheap to call often. */
    void pollSoon() {
        // A thousand sessions lose the same server at once; one poll is enough for all.
        if (pollAsked.compareAndSet(false, true)) {
            onThread(
                    () -> {
                        pollAsked.set(false);
                        poll();
                    });
        }
    }

    /** How long ago etcd last answered or told something; null when never. From any thread. */
    @Nullable Duration age() {
        Moment contact = lastContact;
        return contact == null ? null : ticker.now().since(contact);
    }

    /** The store as last heard. */
    StoreCopy copy() {
        return copy;
    }

    /** The present link; another one after failures, so never keep it. */
    EtcdLink link() {
        EtcdLink present = link;
        if (present == null) {
            present = new EtcdLink(config, linkNumber);
            link = present;
        }
        return present;
    }

    /** Ends; nothing is polled or told any more. */
    void close() {
        closed = true;
        stopWatch();
        if (link != null) {
            link.close();
            link = null;
        }
    }

    private void onThread(Runnable task) {
        try {
            thread.execute(
                    () -> {
                        if (!closed) {
                            task.run();
                        }
                    });
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().log("no longer following etcd");
        }
    }

    private void pollIn(Duration delay) {
        if (nextPoll != null) {
            nextPoll.cancel(false);
        }
        nextPoll = thread.schedule(this::poll, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void poll() {
        if (closed) {
            return;
        }
        if (polling) {
            pollAgain = true;
            return;
        }
        polling = true;
        pollAgain = false;
        long askedAt = copy.revision();
        try {
            link().read(keys)
                    .whenComplete((read, error) -> onThread(() -> onPolled(read, askedAt, error)));
        } catch (RuntimeException e) {
            onPolled(null, askedAt, e);
        }
    }

    private void onPolled(@Nullable StoreRead read, long askedAt, @Nullable Throwable error) {
        polling = false;
        if (read == null) {
            onPollFailed(error);
        } else {
            onPollAnswered(read, askedAt);
        }
        onNews.run();
    }

    private void onPollFailed(@Nullable Throwable error) {
        failures++;
        if (failures == 1) {
            LOGGER.atWarn()
                    .addKeyValue("error", String.valueOf(error))
                    .log("etcd does not answer; keeping the last picture");
        }
        // An endpoint that takes connections and says nothing would hold up a new link for long.
        boolean silent = link != null && !link.hasAnswered() && isTimeout(error);
        if (silent || failures % FAILURES_BEFORE_NEW_LINK == 0) {
            replaceLink();
        }
        Duration delay = POLL_SOON.multipliedBy(failures);
        pollIn(delay.compareTo(POLL_EVERY) < 0 ? delay : POLL_EVERY);
    }

    private static boolean isTimeout(@Nullable Throwable error) {
        return error instanceof TimeoutException
                || (error != null && error.getCause() instanceof TimeoutException);
    }

    private void replaceLink() {
        stopWatch();
        if (link != null) {
            link.close();
            link = null;
        }
        linkNumber++;
    }

    private void onPollAnswered(StoreRead read, long askedAt) {
        if (failures > 0) {
            LOGGER.atInfo().addKeyValue("failures", failures).log("etcd answers again");
        }
        failures = 0;
        lastContact = ticker.now();
        boolean wentBack = copy.wentBack(read, askedAt);
        if (wentBack) {
            LOGGER.atError().log("etcd lost its memory or is another one; no epoch goes back");
            stopWatch();
        }
        copy.apply(read, wentBack);
        checkWatch();
        pollIn(pollAgain ? Duration.ZERO : POLL_EVERY);
    }

    /** Starts the watch, or replaces one that did not tell of a write known since the last poll. */
    private void checkWatch() {
        if (watcher != null && missedWrite > watchedUpTo) {
            LOGGER.atWarn()
                    .addKeyValue("revision", missedWrite)
                    .log("the watch is silent, replacing it");
            stopWatch();
        }
        missedWrite = copy.newestWrite();
        if (watcher == null) {
            startWatch();
        }
    }

    private void startWatch() {
        long number = ++watchNumber;
        watchedUpTo = copy.revision();
        watcher =
                link().watch(
                                keys.root(),
                                copy.revision() + 1,
                                Watch.listener(
                                        response -> onThread(() -> onWatched(number, response)),
                                        error -> onThread(() -> onWatchEnded(number, error)),
                                        () -> onThread(() -> onWatchEnded(number, null))));
    }

    private void stopWatch() {
        watchNumber++;
        missedWrite = 0;
        if (watcher != null) {
            watcher.close();
            watcher = null;
        }
    }

    private void onWatched(long number, WatchResponse response) {
        if (number != watchNumber) {
            return;
        }
        lastContact = ticker.now();
        copy.apply(response.getEvents());
        watchedUpTo = Math.max(watchedUpTo, response.getHeader().getRevision());
        onNews.run();
    }

    private void onWatchEnded(long number, @Nullable Throwable error) {
        if (number != watchNumber) {
            return;
        }
        LOGGER.atInfo()
                .addKeyValue("error", String.valueOf(error))
                .log("the watch ended, starting another after the next poll");
        stopWatch();
        pollIn(POLL_SOON);
    }
}
