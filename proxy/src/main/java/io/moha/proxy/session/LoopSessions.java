package io.moha.proxy.session;

import io.moha.proxy.metrics.LoopCounters;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.netty.channel.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The sessions of one event loop, and the picture of the cluster as that loop knows it. */
final class LoopSessions {

    private static final VarHandle RUNNING = runningHandle();

    private final Set<SessionMachine> sessions = new LinkedHashSet<>();
    private final LoopCounters counters = new LoopCounters();
    private final EventLoop loop;
    private final BooleanSupplier writesHeld;
    private RoutingTable published;
    private RoutingTable table;

    /** Written on the loop, read anywhere. */
    @SuppressWarnings("UnusedVariable") // only through the handle
    private int running;

    /** Call on the loop itself. */
    LoopSessions(EventLoop loop, Routing routing, BooleanSupplier writesHeld) {
        this.loop = loop;
        this.writesHeld = writesHeld;
        // The subscription lasts as long as the loop, which is as long as the process.
        var _ = routing.subscribe(loop, this::onRoutingChanged);
        published = routing.current();
        table = seen();
    }

    private RoutingTable seen() {
        return writesHeld.getAsBoolean() ? published.holdingWrites() : published;
    }

    /** Writes are held from now on, or not any more. */
    void onWritesHeld() {
        onRoutingChanged(published);
    }

    private static VarHandle runningHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(LoopSessions.class, "running", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    EventLoop loop() {
        return loop;
    }

    /** What the sessions of this loop, those that ended included, sent and were sent. */
    LoopCounters counters() {
        return counters;
    }

    /** The newest picture that was delivered on this loop, as it is for its sessions. */
    RoutingTable table() {
        return table;
    }

    private void onRoutingChanged(RoutingTable next) {
        published = next;
        table = seen();
        for (SessionMachine session : all()) {
            session.onRoutingChanged();
        }
    }

    void add(SessionMachine session) {
        sessions.add(session);
    }

    void remove(SessionMachine session) {
        sessions.remove(session);
    }

    /** All sessions; a copy, as what is done with them may end them. */
    List<SessionMachine> all() {
        return new ArrayList<>(sessions);
    }

    /** One more session, or with -1 one less, has work running on a primary. */
    void countRunning(int change) {
        RUNNING.setRelease(this, running + change);
    }

    /** How many sessions have work running on a primary. Callable from any thread. */
    int running() {
        return (int) RUNNING.getAcquire(this);
    }
}
