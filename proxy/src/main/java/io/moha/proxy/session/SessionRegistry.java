package io.moha.proxy.session;

import io.moha.proxy.config.DrainConfig;
import io.moha.proxy.metrics.LoopCounters;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RunningWork;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of the proxy, for those who look at them from outside. Thread-safe; whatever
 * concerns a session is done on its loop.
 */
public final class SessionRegistry implements RunningWork {

    private final Routing routing;
    private final Map<EventLoop, LoopSessions> loops = new ConcurrentHashMap<>();
    private final Map<Long, SessionMachine> sessions = new ConcurrentHashMap<>();
    private final LongAdder moves = new LongAdder();
    private final EnumMap<CloseCause, LongAdder> closed = new EnumMap<>(CloseCause.class);
    private final HoldBudget budget;
    private final Duration idleTimeout;
    private volatile boolean writesHeld;

    SessionRegistry(Routing routing, HoldBudget budget, Duration idleTimeout) {
        this.routing = routing;
        this.budget = budget;
        this.idleTimeout = idleTimeout;
        for (CloseCause cause : CloseCause.values()) {
            closed.put(cause, new LongAdder());
        }
    }

    /** The sessions of {@code loop}; call on that loop. */
    LoopSessions of(EventLoop loop) {
        LoopSessions known = loops.get(loop);
        return known != null ? known : loops.computeIfAbsent(loop, this::newSessions);
    }

    private LoopSessions newSessions(EventLoop loop) {
        LoopSessions created = new LoopSessions(loop, routing, () -> writesHeld);
        IdleWatch.start(loop, created, idleTimeout);
        return created;
    }

    void onOpened(SessionMachine session) {
        sessions.put(session.id(), session);
    }

    void onClosed(SessionMachine session, CloseCause cause) {
        sessions.remove(session.id(), session);
        counter(cause).increment();
    }

    void onMoved() {
        moves.increment();
    }

    private LongAdder counter(CloseCause cause) {
        LongAdder counter = closed.get(cause);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + cause);
        }
        return counter;
    }

    @Override
    public int onPrimary() {
        return loops.values().stream().mapToInt(LoopSessions::running).sum();
    }

    /** How many sessions there are. */
    public int count() {
        return sessions.size();
    }

    /** How many sessions hold commands at the moment. */
    public int holding() {
        return budget.sessions();
    }

    /** How many bytes of commands are held at the moment. */
    public long heldBytes() {
        return budget.bytes();
    }

    /** Commands that clients have sent. */
    public long commands() {
        return sum(LoopCounters::commands);
    }

    /** Bytes that clients have sent. */
    public long bytesFromClients() {
        return sum(LoopCounters::bytesFromClients);
    }

    /** Bytes that clients were sent. */
    public long bytesToClients() {
        return sum(LoopCounters::bytesToClients);
    }

    private long sum(ToLongFunction<LoopCounters> counter) {
        return loops.values().stream().map(LoopSessions::counters).mapToLong(counter).sum();
    }

    /** How often sessions went to another server. */
    public long moves() {
        return moves.sum();
    }

    /** How many sessions ended for {@code cause}. */
    public long closed(CloseCause cause) {
        return counter(cause).sum();
    }

    /** All sessions as they are now, by id. Completes on one of the loops. */
    public CompletionStage<List<SessionSnapshot>> snapshots() {
        return onEachSession(SessionMachine::snapshot)
                .thenApply(
                        all -> {
                            all.sort(Comparator.comparingLong(SessionSnapshot::id));
                            return all;
                        });
    }

    /**
     * Ends a session, as KILL does on a server.
     *
     * @param id the connection id that its client knows
     * @return whether there was one
     */
    public CompletionStage<Boolean> kill(long id) {
        SessionMachine session = find(id);
        if (session == null) {
            return CompletableFuture.completedFuture(false);
        }
        session.execute(() -> session.victim.onKill(false));
        return CompletableFuture.completedFuture(true);
    }

    /** The session that its client knows by {@code id}; null when there is none. */
    @Nullable SessionMachine find(long id) {
        return sessions.get(id);
    }

    /**
     * Keeps back whatever would begin on a primary, within the limits of hold.*, or lets it go on.
     *
     * @return whether that changed anything; done when each loop was told
     */
    public CompletionStage<Boolean> holdWrites(boolean hold) {
        boolean changed = writesHeld != hold;
        writesHeld = hold;
        return CompletableFuture.allOf(
                        loops.values().stream()
                                .map(
                                        sessions ->
                                                CompletableFuture.runAsync(
                                                        sessions::onWritesHeld, sessions.loop()))
                                .toArray(CompletableFuture[]::new))
                .thenApply(_ -> changed);
    }

    /**
     * Ends every session as soon as it has neither a command nor a transaction running; those that
     * have nothing at once. Done when each loop was told.
     */
    public CompletionStage<Integer> drain() {
        return onEachSession(
                        session -> {
                            session.drain();
                            return session;
                        })
                .thenApply(List::size);
    }

    /**
     * Ends every session now. Done when each loop was told.
     *
     * @param how whether clients that wait for a response get an error first
     */
    public CompletionStage<Integer> closeAll(DrainConfig.OnDeadline how) {
        CloseCause cause =
                switch (how) {
                    case ERROR -> CloseCause.SHUTDOWN;
                    case CLOSE -> CloseCause.SHUTDOWN_SILENT;
                };
        return onEachSession(
                        session -> {
                            session.close(cause);
                            return session;
                        })
                .thenApply(List::size);
    }

    private <T> CompletableFuture<List<T>> onEachSession(Function<SessionMachine, T> action) {
        return onEachLoop(sessions -> sessions.all().stream().map(action).toList())
                .thenApply(
                        lists -> {
                            List<T> all = new ArrayList<>();
                            lists.forEach(all::addAll);
                            return all;
                        });
    }

    private <T> CompletableFuture<List<T>> onEachLoop(Function<LoopSessions, T> action) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (LoopSessions sessions : loops.values()) {
            answers.add(
                    CompletableFuture.supplyAsync(() -> action.apply(sessions), sessions.loop()));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(
                        _ -> {
                            List<T> results = new ArrayList<>();
                            answers.forEach(answer -> results.add(answer.join()));
                            return results;
                        });
    }
}
