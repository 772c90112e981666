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
    private volatile View view = new View(null, null, null, "", null);
    private volatile boolean closed;

    /**
     * What is known of the server.
     *
     * @param facts from the last look that succeeded; null before the first
     * @param at when that look began: the facts are not older
     * @param failure what sort of failure the last look met; null when it succeeded
     * @param message of that failure; empty when there was none
     * @param failingSince when the present row of failures began; null when the last look succeeded
     */
    public record View(
            @Nullable ServerFacts facts,
            @Nullable Moment at,
            MysqlException.@Nullable Kind failure,
            String message,
            @Nullable Moment failingSince) {}

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
    public synchronized void offer(ServerFacts facts, Moment at) {
        Moment known = view.at();
        if (known == null || known.isBefore(at)) {
            view = new View(facts, at, null, "", null);
        }
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
        try {
            ServerFacts facts = server.look();
            looked(facts, began);
            onExecuted.accept(facts.executed());
            // What waits for news of the server must not wait for its disk, or for a lock.
            onNews.run();
            server.probe(PROBE_LIMIT);
            committed();
        } catch (MysqlException e) {
            boolean slow = e.kind() == MysqlException.Kind.TIMEOUT && answersSlowly(server);
            failed(
                    slow ? MysqlException.Kind.SATURATED : e.kind(),
                    String.valueOf(e.getMessage()),
                    slow ? ticker.now() : began,
                    slow);
        }
    }

    /** Takes what was seen; whether the server can commit, too, is another question. */
    private synchronized void looked(ServerFacts facts, Moment at) {
        View before = view;
        Moment known = before.at();
        if (known == null || known.isBefore(at)) {
            view = new View(facts, at, before.failure(), before.message(), before.failingSince());
        }
    }

    private synchronized void committed() {
        view = new View(view.facts(), view.at(), null, "", null);
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

    private synchronized void failed(
            MysqlException.Kind kind, String message, Moment at, boolean anew) {
        View before = view;
        Moment since = anew || before.failingSince() == null ? at : before.failingSince();
        view = new View(before.facts(), before.at(), kind, message, since);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
