package io.moha.agent.observe;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the server again and again, on its own thread and connection, and publishes what it saw
 * or why it could not.
 */
public final class ServerWatch implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);
    private static final Duration SLOW_LIMIT = Duration.ofSeconds(4);

    private final Supplier<MysqlServer> servers;
    private final Ticker ticker;
    private final Runnable onNews;
    private final Consumer<String> onExecuted;
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private volatile View view = View.NONE;
    private volatile boolean closed;

    /**
     * What is known of the server.
     *
     * @param facts from the last look that succeeded; null before the first
     * @param at when that look began: the facts are not older
     * @param failure what sort of failure the last look met; null when it succeeded
     * @param message of that failure; empty when there was none
     * @param failingSince when the present row of failures began; null when the last look succeeded
     * @param commitsFail whether it is commits that fail while the server answers: an answer does
     *     not end such a row, a commit does
     */
    public record View(
            @Nullable ServerFacts facts,
            @Nullable Moment at,
            MysqlException.@Nullable Kind failure,
            String message,
            @Nullable Moment failingSince,
            boolean commitsFail) {

        /** Nothing is known yet. */
        static final View NONE = new View(null, null, null, "", null, false);

        /** After the server answered with {@code seen}, asked at {@code began}. */
        View answered(ServerFacts seen, Moment began) {
            if (at != null && !at.isBefore(began)) {
                return this;
            }
            return commitsFail
                    ? new View(seen, began, failure, message, failingSince, true)
                    : new View(seen, began, null, "", null, false);
        }

        /** After the server committed as well. */
        View committed() {
            return new View(facts, at, null, "", null, false);
        }

        /**
         * After a look that failed.
         *
         * @param since when it began, unless an earlier one of the same row failed
         * @param answers whether the server had answered before it failed to commit
         */
        View failed(MysqlException.Kind kind, String why, Moment since, boolean answers) {
            // Refusals are answers: silence that follows them begins anew.
            Moment first =
                    failingSince == null || isSilence(kind) != isSilence(failure)
                            ? since
                            : failingSince;
            return new View(facts, at, kind, why, first, commitsFail || answers);
        }

        private static boolean isSilence(MysqlException.@Nullable Kind kind) {
            return kind == MysqlException.Kind.UNREACHABLE || kind == MysqlException.Kind.TIMEOUT;
        }
    }

    /**
     * A watch that has not looked yet.
     *
     * @param onNews called from the watch's thread after every look
     * @param onExecuted told gtid_executed after every look that succeeded
     */
    public ServerWatch(
            Supplier<MysqlServer> servers,
            Threads threads,
            Runnable onNews,
            Consumer<String> onExecuted) {
        this.servers = servers;
        this.ticker = threads.ticker();
        this.onNews = onNews;
        this.onExecuted = onExecuted;
        this.wakeup = threads.wakeup();
        this.thread = threads.worker("server-watch", this::run);
    }

    /** Begins to look. Called once. */
    public void start() {
        thread.start();
    }

    /** The newest view. */
    public View view() {
        return view;
    }

    /** Looks again at once. */
    public void poke() {
        wakeup.wake();
    }

    /**
     * Publishes what somebody else saw: {@code facts} from a look that began at {@code at}. Older
     * ones never replace newer ones.
     */
    public void offer(ServerFacts facts, Moment at) {
        looked(facts, at);
    }

    private void run() throws InterruptedException {
        try (MysqlServer server = servers.get()) {
            while (!closed) {
                lookOnce(server);
                onNews.run();
                wakeup.await(LOOK_EVERY);
            }
        }
    }

    private void lookOnce(MysqlServer server) {
        Moment began = ticker.now();
        boolean answers = false;
        try {
            ServerFacts facts = server.look();
            answers = true;
            looked(facts, began);
            onExecuted.accept(facts.executed());
            // What waits for news of the server must not wait for its disk, or for a lock.
            onNews.run();
            server.probe(PROBE_LIMIT);
            committed();
        } catch (MysqlException e) {
            boolean slow = e.kind() == MysqlException.Kind.TIMEOUT && answersSlowly(server);
            failed(e, slow, slow ? ticker.now() : began, answers);
        }
    }

    private synchronized void failed(
            MysqlException failure, boolean slow, Moment since, boolean answers) {
        // One that does commit, given time, begins a new row.
        View before = slow ? view.committed() : view;
        view =
                before.failed(
                        slow ? MysqlException.Kind.SATURATED : failure.kind(),
                        String.valueOf(failure.getMessage()),
                        since,
                        answers);
    }

    private synchronized void looked(ServerFacts facts, Moment at) {
        view = view.answered(facts, at);
    }

    private synchronized void committed() {
        view = view.committed();
    }

    /**
     * Whether the server, given more time, does commit: then it is overloaded and does not hang.
     */
    private static boolean answersSlowly(MysqlServer server) {
        try {
            server.probe(SLOW_LIMIT);
            return true;
        } catch (MysqlException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
