package io.moha.proxy.session;

import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.move.MovedSession;
import io.moha.proxy.move.SessionPicture;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RoutingTable;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session. Receives events from both channels, from the routing picture and from the
 * search for a server, holds the {@link SessionState}, and hands the work on. Confined to the event
 * loop that both channels live on.
 */
final class SessionMachine {

    private static final Logger LOGGER = LoggerFactory.getLogger(SessionMachine.class);
    private static final SessionState HOLDING = new SessionState.Holding();

    final ClientLink client;
    final ServerSlot server = new ServerSlot();
    final CommandGate gate;
    final LossKeeper losses;
    final UserChange userChange;
    final KillVictim victim = new KillVictim(this);
    final FlowControl flow = new FlowControl(this);

    private final Displacement displacement;
    private final Route route;
    private final SessionDependencies dependencies;
    private final SessionRegistry registry;
    private final LoopSessions loop;
    private final RunningMark running;
    private final SessionMemory memory;
    private final ResponsePath responses;
    private final TrackerKeeper trackers;

    private SessionState state = new SessionState.Detached(0);
    private boolean draining;
    private int moves;

    SessionMachine(
            ClientLink client,
            Route route,
            SessionDependencies dependencies,
            SessionRegistry registry,
            HeldCommands held) {
        this.client = client;
        this.route = route;
        this.dependencies = dependencies;
        this.registry = registry;
        loop = registry.of(client.channel.eventLoop());
        running = new RunningMark(loop, server);
        displacement = new Displacement(this, loop.loop());
        memory = new SessionMemory(client.login.schema());
        CommandReader reader =
                new CommandReader(client, memory, new Kills(registry, client), held.budget());
        trackers = new TrackerKeeper(client, memory);
        CommandPath commands = new CommandPath(this, reader, trackers);
        responses = new ResponsePath(this, memory, commands, new ResponseEffects(memory, trackers));
        losses = new LossKeeper(this, memory, reader, commands);
        userChange = new UserChange(this, memory, trackers, dependencies.userChanger());
        ServerSearch search = new ServerSearch(this, dependencies, loop.loop());
        gate = new CommandGate(this, loop, held, commands, search);
    }

    // ---- what others ask

    long id() {
        return client.login.connectionId();
    }

    Route route() {
        return route;
    }

    RoutingTable table() {
        return loop.table();
    }

    SessionDependencies dependencies() {
        return dependencies;
    }

    boolean isClosed() {
        return state instanceof SessionState.Closed;
    }

    /** How to log in elsewhere; null when the client's password is not known. */
    @Nullable BackendLoginRequest loginRequest() {
        return client.login.requestFor(memory.schema()).orElse(null);
    }

    /** What has to be rebuilt elsewhere. */
    SessionPicture picture(BackendLoginRequest request) {
        return memory.picture(request, trackers.settings());
    }

    /** Whether a transaction is open that cannot be begun anew elsewhere. */
    boolean isInTransaction() {
        ServerLink link = server.link();
        return link != null
                && link.isInTransaction()
                && (link.changesPending || !memory.transaction().isEmpty());
    }

    /** Whether the server has a command of the client's, or a transaction. */
    private boolean isWorking() {
        ServerLink link = server.link();
        return link != null && (link.exchanges.ofClient() > 0 || isInTransaction());
    }

    /** Leaves the server, if there is one; the session may go on elsewhere. */
    void leaveServer() {
        ServerLink link = server.link();
        if (link != null) {
            memory.transaction().onLeaving(link.isInTransaction(), !link.changesPending);
            server.leave();
        }
    }

    /** Whether the session could be rebuilt on another server. */
    boolean isMovable() {
        return client.login.movable() && memory.isMovable();
    }

    /** Runs {@code action} on the session's loop. Callable from any thread. */
    void execute(Runnable action) {
        client.channel.eventLoop().execute(action);
    }

    // ---- the beginning

    /** Starts on the server that took the client's login. */
    void start(BackendConnection connection) {
        registry.onOpened(this);
        loop.add(this);
        putOn(new ServerLink(connection, connection.welcome().status()));
        // Not flushed: it goes out with the first command, in one packet.
        trackers.begin(server.require());
        settle();
    }

    private void putOn(ServerLink next) {
        server.put(next);
        next.channel.pipeline().addLast("session", new BackendHandler(this, next));
    }

    // ---- events from the client

    /** Takes ownership of {@code in}. */
    void onClientBytes(ByteBuf in) {
        client.onRead(in.readableBytes());
        switch (state) {
            case SessionState.Closed _ -> gate.discard(in);
            case SessionState.Streaming _ -> server.require().write(in);
            case SessionState.ChangingUser _ -> gate.holdLast(in);
            default -> {
                gate.accept(in);
                settle();
                flow.check();
            }
        }
    }

    void onClientReadComplete() {
        flush();
    }

    /** Flushes both channels. */
    void flush() {
        ServerLink link = server.link();
        if (link != null) {
            link.flush();
        }
        client.flush();
    }

    /** The session stands on another server. */
    void attach(MovedSession moved) {
        memory.onMoved(moved);
        putOn(new ServerLink(moved.connection(), moved.status()));
        moves++;
        registry.onMoved();
        gate.pursue();
    }

    // ---- events from the server

    /** Takes ownership of {@code in}. */
    void onServerBytes(ServerLink from, ByteBuf in) {
        if (!server.holds(from)) {
            in.release();
        } else if (state instanceof SessionState.Streaming) {
            client.write(in);
        } else {
            responses.accept(from, in);
            gate.pursue();
            settle();
            flow.check();
        }
    }

    void onServerReadComplete(ServerLink from) {
        if (server.holds(from)) {
            flush();
        } else {
            client.flush();
        }
    }

    /** The server's connection is gone, or the server said that it goes. */
    void onServerLost(ServerLink lost) {
        if (!server.holds(lost)) {
            return;
        }
        dependencies.routing().suspect(lost.backend());
        switch (state) {
            case SessionState.Streaming _ -> close(CloseCause.STREAM_ENDED);
            case SessionState.ChangingUser _ -> close(CloseCause.CHANGE_USER_FAILED);
            default -> {
                if (victim.isKillExpected()) {
                    close(CloseCause.KILLED);
                } else if (lost.serverEnds) {
                    close(CloseCause.SERVER_ENDED);
                } else {
                    losses.onLoss(lost);
                    gate.pursue();
                    settle();
                }
            }
        }
        flush();
    }

    // ---- other phases

    /** The connection is not in the command phase any more; bytes go through as they are. */
    void startStreaming() {
        transition(new SessionState.Streaming(server.require().backend()));
    }

    // ---- events from elsewhere

    void onRoutingChanged() {
        gate.pursue();
        displacement.look();
    }

    /** A server was asked that may be gone without a word. */
    void watchServer() {
        displacement.look();
    }

    /** Whether neither the client nor the server is waiting for the other. */
    boolean isAtRest() {
        boolean waits = !gate.isEmpty() || server.hasOutstanding();
        return !waits && !(state instanceof SessionState.Streaming);
    }

    /** Ends the session as soon as nothing runs. */
    void drain() {
        draining = true;
        settle();
    }

    /** Either channel became writable, or stopped to be. */
    void onWritabilityChanged() {
        if (!(state instanceof SessionState.ChangingUser)) {
            flow.adjust();
        }
    }

    // ---- state

    /** Takes the state from what is true now. */
    void settle() {
        switch (state) {
            case SessionState.Closed _, SessionState.Streaming _, SessionState.ChangingUser _ -> {}
            default -> {
                transition(presentState());
                if (draining && gate.isEmpty() && !isWorking()) {
                    close(CloseCause.SHUTDOWN);
                }
            }
        }
    }

    private SessionState presentState() {
        if (!gate.isEmpty() && !server.hasOutstanding()) {
            return HOLDING;
        }
        ServerLink link = server.link();
        if (link != null) {
            return link.state();
        }
        return state instanceof SessionState.Detached
                ? state
                : new SessionState.Detached(server.lostEpoch());
    }

    /** The one place where the state changes. */
    @SuppressWarnings("ReferenceEquality") // states that come with every command are made once
    void transition(SessionState next) {
        if (next == state) {
            return;
        }
        boolean heldBefore = state == HOLDING;
        LOGGER.atTrace()
                .addKeyValue("session", id())
                .addKeyValue("from", state)
                .addKeyValue("to", next)
                .log("session changed state");
        state = next;
        running.set(isWorking() && !isClosed());
        if (heldBefore || next == HOLDING) {
            onWritabilityChanged();
        }
    }

    // ---- the end

    /** Something broke. */
    void onFailure(CloseCause cause, Throwable failure) {
        if (cause == CloseCause.INTERNAL) {
            LOGGER.atError().addKeyValue("session", id()).setCause(failure).log("session failed");
        }
        close(cause);
    }

    /** Ends the session; the client gets the cause's error if it waits for a response. */
    void close(CloseCause cause) {
        ServerLink old = server.link();
        Exchange due = old == null ? null : old.exchanges.firstOfClient();
        boolean waits = !gate.isEmpty() || due != null;
        boolean speakable = old == null || old.tracker.isAtBoundary();
        boolean tells = waits && speakable && !(state instanceof SessionState.ChangingUser);
        if (old == null || due == null) {
            end(cause, cause, tells, CommandGate.FIRST_RESPONSE);
        } else {
            end(cause, losses.told(cause, old, due), tells, losses.nextSequence(old, due));
        }
    }

    /** As {@link #close}, for a client whose last command only the caller knows of. */
    void closeTelling(CloseCause cause, int sequence) {
        end(cause, cause, true, sequence);
    }

    private void end(CloseCause cause, CloseCause told, boolean tells, int sequence) {
        if (isClosed()) {
            return;
        }
        server.leave();
        transition(new SessionState.Closed(cause));
        boolean receiving = gate.isReceiving();
        gate.close();
        displacement.cancel();
        loop.remove(this);
        registry.onClosed(this, cause);
        if (tells) {
            told.error()
                    .filter(client.login::shows)
                    .ifPresent(error -> client.sendError(error, sequence));
        }
        if (receiving && cause.side() != CloseCause.Side.CLIENT) {
            client.closeAfterReading();
        } else {
            client.closeAfterFlush();
        }
    }

    /** The session as it is now. */
    SessionSnapshot snapshot() {
        return Snapshots.of(this, memory, state, moves);
    }
}
