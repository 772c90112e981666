package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.frontend.LoginFailure;
import io.moha.proxy.frontend.UserChanger;
import io.moha.proxy.move.MovedSession;
import io.moha.proxy.move.SessionPicture;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RoutingTable;
import io.moha.proxy.statement.StatementKind;
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

    private final Route route;
    private final SessionDependencies dependencies;
    private final SessionRegistry registry;
    private final LoopSessions loop;
    private final SessionMemory memory;
    private final HeldCommands held;
    private final CommandReader reader;
    private final CommandPath commands;
    private final ResponsePath responses;
    private final TrackerKeeper trackers;
    private final ServerSearch search;

    private SessionState state = new SessionState.Detached(0);
    private @Nullable ServerLink link;
    private boolean abortedTransaction;
    private boolean replaying;
    private boolean stopped;
    private boolean draining;
    private boolean countedAsRunning;
    private long lostEpoch;
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
        this.held = held;
        loop = registry.of(client.channel.eventLoop());
        memory = new SessionMemory(client.login.schema());
        reader = new CommandReader(client, memory);
        commands = new CommandPath(this, reader);
        responses = new ResponsePath(this, client, memory);
        trackers = new TrackerKeeper(client);
        search = new ServerSearch(this, dependencies, client.channel.eventLoop());
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

    boolean isClosed() {
        return state instanceof SessionState.Closed;
    }

    boolean isOn(ServerLink candidate) {
        return link == candidate;
    }

    boolean hasLink() {
        return link != null;
    }

    boolean hasOutstanding() {
        return link != null && !link.exchanges.isEmpty();
    }

    ServerLink requireLink() {
        if (link == null) {
            throw new IllegalStateException("session " + id() + " has no server");
        }
        return link;
    }

    /** How to log in elsewhere; null when the client's password is not known. */
    @Nullable BackendLoginRequest loginRequest() {
        return client.login.requestFor(memory.schema()).orElse(null);
    }

    /** What has to be rebuilt elsewhere. */
    SessionPicture picture(BackendLoginRequest request) {
        return memory.picture(request);
    }

    private boolean isMovable() {
        return client.login.movable() && memory.isMovable();
    }

    // ---- the beginning

    /** Starts on the server that took the client's login. */
    void start(BackendConnection connection) {
        registry.onOpened();
        loop.add(this);
        putOn(new ServerLink(connection, connection.welcome().status()));
        // Not flushed: it goes out with the first command, in one packet.
        trackers.assertOn(requireLink());
        settle();
    }

    private void putOn(ServerLink next) {
        link = next;
        next.channel.pipeline().addLast("session", new BackendHandler(this, next));
    }

    // ---- events from the client

    /** Takes ownership of {@code in}. */
    void onClientBytes(ByteBuf in) {
        client.onRead(in.readableBytes());
        switch (state) {
            case SessionState.Closed _ -> in.release();
            case SessionState.Streaming _ -> requireLink().write(in);
            case SessionState.ChangingUser _ -> holdLast(in);
            default -> {
                if (held.isEmpty()) {
                    commands.accept(in);
                } else {
                    holdLast(in);
                }
                settle();
            }
        }
    }

    void onClientReadComplete() {
        flush();
    }

    private void flush() {
        if (link != null) {
            link.flush();
        }
        client.flush();
    }

    // ---- the passage of commands

    /** What becomes of the command that is next. */
    @SuppressWarnings("ReferenceEquality") // the very same picture, and comparing all of it is slow
    Passage passage() {
        ServerLink current = link;
        RoutingTable table = loop.table();
        if (current == null) {
            return abortedTransaction
                    ? Passage.ABORT
                    : PassageRules.detached(table, route, lostEpoch);
        }
        if (current.approvedBy == table) {
            return Passage.FORWARD;
        }
        Passage outside = PassageRules.onServer(table, route, current.backend(), false);
        if (outside == Passage.FORWARD) {
            current.approvedBy = table;
            return Passage.FORWARD;
        }
        if (!current.exchanges.isEmpty()) {
            // Whether a transaction is open will be known when all is answered.
            return Passage.HOLD;
        }
        return PassageRules.onServer(table, route, current.backend(), current.isInTransaction());
    }

    /** Keeps commands back, in front of those kept already; takes ownership. */
    void hold(ByteBuf bytes) {
        stopped = true;
        if (!held.addFirst(bytes)) {
            close(CloseCause.HOLD_FULL);
        } else if (!replaying) {
            pursue();
        }
    }

    private void holdLast(ByteBuf bytes) {
        if (!held.addLast(bytes)) {
            close(CloseCause.HOLD_FULL);
        }
    }

    /** Brings held commands forward as far as the cluster allows. */
    void pursue() {
        if (isClosed() || held.isEmpty() || hasOutstanding()) {
            return;
        }
        switch (passage()) {
            case FORWARD, ABORT -> replay();
            case HOLD -> search.startWaiting();
            case MOVE -> moveOn();
        }
        settle();
        flush();
    }

    private void replay() {
        search.stopWaiting();
        replaying = true;
        stopped = false;
        for (ByteBuf next = held.poll(); next != null; next = stopped ? null : held.poll()) {
            commands.accept(next);
        }
        replaying = false;
        if (stopped) {
            pursue();
        }
    }

    /** The session has to leave its server, if it has one, and to go to another. */
    private void moveOn() {
        search.startWaiting();
        ServerLink old = link;
        if (!isMovable()) {
            close(CloseCause.UNMOVABLE_COMMAND);
        } else if (old != null && old.changesPending) {
            // Its answer carries the changes that an error or an EOF could not.
            old.changesPending = false;
            old.sendOwn(Command.PING, new byte[0], OwnReply.IGNORED);
        } else {
            detach();
            search.start();
        }
    }

    /** The session stands on another server. */
    void attach(MovedSession moved) {
        memory.onMoved(moved);
        putOn(new ServerLink(moved.connection(), moved.status()));
        moves++;
        registry.onMoved();
        pursue();
    }

    // ---- answers of the proxy's own

    /** The transaction is lost, and a command wants to go on with it. */
    void refuseLostTransaction(StatementKind kind, int sequence) {
        if (!isMovable()) {
            close(CloseCause.UNMOVABLE_COMMAND);
            return;
        }
        abortedTransaction = false;
        detach();
        answerLostTransaction(kind == StatementKind.ROLLBACK, sequence);
    }

    private void answerLostTransaction(boolean rolledBack, int sequence) {
        if (rolledBack) {
            client.sendOk(memory.statusWithoutTransaction(), sequence);
        } else {
            client.sendError(ErrPacket.of(ErrorCode.LOCK_DEADLOCK), sequence);
        }
    }

    void answerPing(int sequence) {
        client.sendOk(memory.statusWithoutTransaction(), sequence);
    }

    // ---- events from the server

    /** Takes ownership of {@code in}. */
    void onServerBytes(ServerLink from, ByteBuf in) {
        if (link != from) {
            in.release();
        } else if (state instanceof SessionState.Streaming) {
            client.write(in);
        } else {
            responses.accept(from, in);
            pursue();
            settle();
        }
    }

    void onServerReadComplete(ServerLink from) {
        if (link == from) {
            flush();
        } else {
            client.flush();
        }
    }

    /** A response to the client ended, with or without an error. */
    void onResponseComplete(Command command, int traits, int option, boolean ok) {
        if (!ok) {
            return;
        }
        switch (command) {
            case SET_OPTION -> memory.onMultiStatements(option == 0);
            case RESET_CONNECTION -> {
                memory.resetConnection();
                trackers.onReset(requireLink());
            }
            default -> trackers.onResponse(requireLink(), traits);
        }
    }

    void expectFile() {
        commands.expectFile();
    }

    /** Whether the server is about to stop being the primary, or has stopped. */
    boolean isServerGivingWay() {
        RoutingTable table = loop.table();
        Backend primary = table.primary();
        return route != Route.REPLICA
                && link != null
                && (table.state() != PrimaryState.SERVING
                        || primary == null
                        || !primary.isSamePlace(link.backend()));
    }

    /**
     * A statement was refused because the server is read-only by now.
     *
     * @return false when the client is to see the error
     */
    boolean takeOverReadOnlyError(ServerLink from, Exchange exchange) {
        if (exchange.answered || from.exchanges.size() > 1 || !isMovable()) {
            return false;
        }
        if (from.isInTransaction()) {
            int sequence = from.tracker.sequence();
            detach();
            answerLostTransaction(false, sequence);
            return true;
        }
        StatementKind kind = reader.kindOf(exchange);
        boolean undone = kind == StatementKind.TRANSACTIONAL || kind == StatementKind.REPEATABLE;
        return undone && sendAgain(exchange);
    }

    private boolean sendAgain(Exchange exchange) {
        ByteBuf request = exchange.requestBytes();
        if (request == null) {
            return false;
        }
        CommandReader.renameForClient(exchange, request);
        detach();
        hold(request);
        return true;
    }

    /** The server's connection is gone, or the server said that it goes. */
    void onServerLost(ServerLink lost) {
        if (link != lost) {
            return;
        }
        dependencies.routing().suspect(lost.backend());
        switch (state) {
            case SessionState.Streaming _ -> close(CloseCause.STREAM_ENDED);
            case SessionState.ChangingUser _ -> close(CloseCause.CHANGE_USER_FAILED);
            default -> onLoss(lost);
        }
        flush();
    }

    private void onLoss(ServerLink lost) {
        Exchange exchange = lost.exchanges.firstOfClient();
        Loss loss =
                new Loss(
                        isMovable(),
                        lost.isInTransaction(),
                        lost.exchanges.ofClient(),
                        exchange != null && exchange.answered,
                        exchange != null && exchange.request != null,
                        lost.tracker.isAtBoundary(),
                        exchange == null ? StatementKind.LASTING : reader.kindOf(exchange));
        LossOutcome outcome = LossRules.decide(loss);
        LOGGER.atDebug()
                .addKeyValue("session", id())
                .addKeyValue("node", lost.backend().node())
                .addKeyValue("outcome", outcome)
                .log("session lost its server");
        int sequence = nextSequence(lost, exchange);
        switch (outcome) {
            case DETACH, DETACH_ABORTED -> {
                abortedTransaction = outcome == LossOutcome.DETACH_ABORTED;
                detach();
            }
            case SEND_AGAIN -> {
                if (exchange == null || !sendAgain(exchange)) {
                    throw new IllegalStateException("nothing to send again");
                }
            }
            case ROLLED_BACK, ABORT_TRANSACTION -> {
                detach();
                answerLostTransaction(outcome == LossOutcome.ROLLED_BACK, sequence);
            }
            case OUTCOME_UNKNOWN -> close(CloseCause.OUTCOME_UNKNOWN);
            case CUT -> close(CloseCause.RESULT_CUT);
            case END -> close(held.isEmpty() ? CloseCause.UNMOVABLE : CloseCause.UNMOVABLE_COMMAND);
        }
        pursue();
        settle();
    }

    /** The number of the packet with which the proxy may end the response that is due. */
    private int nextSequence(@Nullable ServerLink from, @Nullable Exchange exchange) {
        return from != null && exchange != null && exchange.answered
                ? from.tracker.sequence() + 1
                : commands.sequence() + 1;
    }

    // ---- other phases

    /** The connection is not in the command phase any more; bytes go through as they are. */
    void startStreaming() {
        transition(new SessionState.Streaming(requireLink().backend()));
    }

    /**
     * The client wants to be somebody else; takes ownership of both.
     *
     * @param rest what the client sent behind the command
     */
    void changeUser(ByteBuf command, ByteBuf rest) {
        if (rest.isReadable()) {
            holdLast(rest);
        } else {
            rest.release();
        }
        ServerLink current = requireLink();
        transition(new SessionState.ChangingUser(current.backend()));
        current.flush();
        dependencies
                .userChanger()
                .begin(
                        client.channel,
                        client.login,
                        current.connection,
                        command,
                        new ChangeListener());
    }

    private final class ChangeListener implements UserChanger.Listener {

        @Override
        public void onChanged(ClientLogin login, OkPacket ok) {
            if (isClosed() || link == null) {
                return;
            }
            client.login = login;
            memory.reset(login.schema());
            link.status = ok.status();
            trackers.onReset(link);
            transition(link.state());
            pursue();
            settle();
            flush();
        }

        @Override
        public void onFailed(LoginFailure failure) {
            close(CloseCause.CHANGE_USER_FAILED);
        }
    }

    // ---- events from elsewhere

    void onRoutingChanged() {
        pursue();
    }

    /** Ends the session as soon as nothing runs. */
    void drain() {
        draining = true;
        settle();
    }

    /** Either channel became writable, or stopped to be. */
    void onWritabilityChanged() {
        if (state instanceof SessionState.ChangingUser) {
            return;
        }
        boolean serverTakes = link == null || link.channel.isWritable();
        client.channel.config().setAutoRead(held.isEmpty() && serverTakes);
        if (link != null) {
            link.channel.config().setAutoRead(client.channel.isWritable());
        }
    }

    // ---- state

    /** Takes the state from what is true now. */
    private void settle() {
        switch (state) {
            case SessionState.Closed _, SessionState.Streaming _, SessionState.ChangingUser _ -> {}
            default -> {
                transition(presentState());
                if (draining && held.isEmpty() && !isRunning()) {
                    close(CloseCause.SHUTDOWN);
                }
            }
        }
    }

    private SessionState presentState() {
        if (!held.isEmpty() && !hasOutstanding()) {
            return HOLDING;
        }
        if (link != null) {
            return link.state();
        }
        return state instanceof SessionState.Detached
                ? state
                : new SessionState.Detached(lostEpoch);
    }

    private boolean isRunning() {
        return link != null && (link.exchanges.ofClient() > 0 || link.isInTransaction());
    }

    /** The one place where the state changes. */
    @SuppressWarnings("ReferenceEquality") // states that come with every command are made once
    private void transition(SessionState next) {
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
        countRunning();
        if (heldBefore || next == HOLDING) {
            onWritabilityChanged();
        }
    }

    private void countRunning() {
        boolean running =
                isRunning()
                        && link != null
                        && link.backend().role() == Backend.Role.PRIMARY
                        && !isClosed();
        if (running != countedAsRunning) {
            countedAsRunning = running;
            loop.countRunning(running ? 1 : -1);
        }
    }

    /** Leaves the server; what was outstanding there is forgotten. */
    private void detach() {
        ServerLink old = link;
        if (old != null) {
            link = null;
            lostEpoch = old.backend().epoch();
            old.leave();
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
        if (isClosed()) {
            return;
        }
        ServerLink old = link;
        boolean waits = !held.isEmpty() || (old != null && old.exchanges.ofClient() > 0);
        boolean speakable = old == null || old.tracker.isAtBoundary();
        int sequence = nextSequence(old, old == null ? null : old.exchanges.firstOfClient());
        boolean changing = state instanceof SessionState.ChangingUser;
        detach();
        transition(new SessionState.Closed(cause));
        search.cancel();
        held.release();
        commands.release();
        loop.remove(this);
        registry.onClosed(cause);
        if (waits && speakable && !changing) {
            cause.error().ifPresent(error -> client.sendError(error, sequence));
        }
        client.closeAfterFlush();
    }

    /** The session as it is now. */
    SessionSnapshot snapshot() {
        ServerLink current = link;
        String pinned =
                client.login.movable() ? memory.pinReason() : "the client's password is not known";
        return new SessionSnapshot(
                id(),
                client.login.user(),
                client.login.address(),
                client.login.tls(),
                route,
                state.label(),
                current == null ? null : current.backend().node(),
                current == null ? 0 : current.connection.serverConnectionId(),
                memory.schema(),
                pinned,
                client.bytesIn,
                client.bytesOut,
                moves);
    }
}
