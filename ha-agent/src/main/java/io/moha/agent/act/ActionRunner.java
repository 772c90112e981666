package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs actions one after the other on one thread with its own connection to the server. */
public final class ActionRunner implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ActionRunner.class);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Supplier<MysqlServer> servers;
    private final Ticker ticker;
    private final Runnable onDone;
    private final AtomicReference<@Nullable Action> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Action> next = new AtomicReference<>();
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private final AtomicBoolean stale = new AtomicBoolean();
    private @Nullable MysqlServer server;
    private volatile boolean closed;

    /**
     * A runner without work.
     *
     * @param servers opens the connection when the first action needs it
     * @param onDone called on the runner's thread after each action
     */
    public ActionRunner(Supplier<MysqlServer> servers, Threads threads, Runnable onDone) {
        this.servers = servers;
        this.ticker = threads.ticker();
        this.onDone = onDone;
        this.wakeup = threads.wakeup();
        this.thread = threads.worker("action", this::run);
    }

    /** Begins to take actions. Called once. */
    public void start() {
        thread.start();
    }

    /** The name of what runs now; null when nothing does. */
    public @Nullable String current() {
        Action running = current.get();
        return running == null ? null : running.name();
    }

    /** Begins {@code action}; false, and nothing, when another still runs. */
    public boolean start(Action action) {
        if (!current.compareAndSet(null, action)) {
            return false;
        }
        next.set(action);
        wakeup.wake();
        return true;
    }

    private void run() throws InterruptedException {
        while (!closed) {
            Action action = next.getAndSet(null);
            if (action == null) {
                wakeup.await(IDLE);
            } else {
                run(action);
            }
        }
    }

    private void run(Action action) {
        Moment began = ticker.now();
        String outcome = "done";
        try {
            action.run(connection());
        } catch (AbandonedException e) {
            outcome = "abandoned: " + e.getMessage();
        } catch (MysqlException e) {
            outcome = e.kind() + ": " + e.getMessage();
        } catch (RuntimeException e) {
            outcome = "failed: " + e;
            LOGGER.atError().setCause(e).addKeyValue("action", action.name()).log("action broke");
        } finally {
            current.set(null);
            LOGGER.atInfo()
                    .addKeyValue("action", action.name())
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("ms", ticker.now().since(began).toMillis())
                    .log("action ended");
            onDone.run();
        }
    }

    private MysqlServer connection() {
        MysqlServer opened = server;
        if (stale.getAndSet(false) && opened != null) {
            opened.close();
            opened = null;
        }
        if (opened == null) {
            opened = servers.get();
            server = opened;
        }
        return opened;
    }

    /** The server is another process now: the next action begins with a new connection. */
    public void reconnect() {
        stale.set(true);
    }

    /** Interrupts what runs and takes nothing more. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
