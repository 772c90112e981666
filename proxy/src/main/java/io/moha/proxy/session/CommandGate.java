package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RoutingTable;
import io.netty.buffer.ByteBuf;

/**
 * Where commands pass, or wait: asks {@link PassageRules} for each, keeps those that may not pass,
 * and brings them forward when the cluster, the server or the search for one allows it.
 */
final class CommandGate {

    /** Number of the packet that answers a command of one packet. */
    static final int FIRST_RESPONSE = 1;

    private final SessionMachine session;
    private final Route route;
    private final LoopSessions loop;
    private final HeldCommands held;
    private final CommandPath commands;
    private final ServerSearch search;
    private boolean abortedTransaction;
    private boolean interrupted;

    /** Whether the command that is next was looked at when nothing was outstanding. */
    private boolean lookedAt;

    private boolean replaying;
    private boolean stopped;

    CommandGate(
            SessionMachine session,
            LoopSessions loop,
            HeldCommands held,
            CommandPath commands,
            ServerSearch search) {
        this.session = session;
        this.route = session.route();
        this.loop = loop;
        this.held = held;
        this.commands = commands;
        this.search = search;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Takes bytes as they come from the client; takes ownership. */
    void accept(ByteBuf in) {
        if (held.isEmpty()) {
            commands.accept(in);
        } else {
            holdLast(in);
        }
    }

    /** What becomes of the command that is next. */
    @SuppressWarnings("ReferenceEquality") // the very same picture, and comparing all of it is slow
    Passage passage() {
        ServerLink link = session.server.link();
        RoutingTable table = loop.table();
        if (interrupted) {
            return Passage.INTERRUPT;
        }
        if (link == null) {
            return abortedTransaction
                    ? Passage.ABORT
                    : PassageRules.detached(table, route, session.server.lostEpoch());
        }
        if (link.approvedBy == table) {
            return Passage.FORWARD;
        }
        if (link.lent && !link.exchanges.isEmpty()) {
            return Passage.HOLD;
        }
        if (PassageRules.onServer(table, route, link.backend(), false) == Passage.FORWARD) {
            link.approvedBy = link.lent ? null : table;
            return Passage.FORWARD;
        }
        if (!link.exchanges.isEmpty()) {
            // Whether a transaction is open will be known when all is answered.
            return Passage.HOLD;
        }
        return PassageRules.onServer(table, route, link.backend(), session.isInTransaction());
    }

    /** A transaction was lost with the server: the next command is told, not passed. */
    void abortTransaction() {
        abortedTransaction = true;
    }

    /** Whether the client has yet to hear that its transaction is lost. */
    boolean lostTransaction() {
        return abortedTransaction;
    }

    /** The client was told, or has begun anew. */
    void forgetTransaction() {
        abortedTransaction = false;
    }

    /** Somebody ends the statement that is next; returns whether one waits. */
    boolean interrupt() {
        boolean waits = !held.isEmpty() && !session.server.hasOutstanding();
        interrupted = waits;
        pursue();
        interrupted = false;
        return waits;
    }

    /** The command that is next was told that it is interrupted. */
    void onInterrupted() {
        interrupted = false;
    }

    /** Keeps commands back, in front of those kept already; takes ownership. */
    void hold(ByteBuf bytes) {
        stopped = true;
        lookedAt = !session.server.hasOutstanding();
        if (!held.addFirst(bytes)) {
            onFull();
        } else if (!replaying) {
            pursue();
        }
    }

    /** Keeps bytes back, behind those kept already; takes ownership. */
    void holdLast(ByteBuf bytes) {
        if (!held.addLast(bytes)) {
            onFull();
        }
    }

    /** If another response is due, the error is in place of that one. */
    private void onFull() {
        ServerLink link = session.server.link();
        if (link != null && link.exchanges.ofClient() > 0) {
            session.close(CloseCause.HOLD_FULL);
        } else {
            session.closeTelling(CloseCause.HOLD_FULL, FIRST_RESPONSE);
        }
    }

    /** Brings kept commands forward as far as they may go. */
    void pursue() {
        if (session.isClosed() || held.isEmpty() || session.server.hasOutstanding()) {
            return;
        }
        switch (passage()) {
            case FORWARD, ABORT, INTERRUPT -> replay();
            case HOLD -> waitOrAnswer();
            case MOVE -> moveOn();
        }
        session.settle();
        session.flush();
    }

    /** Some commands need no server, which matters only when none of the responses is due. */
    private void waitOrAnswer() {
        if (lookedAt) {
            search.startWaiting();
        } else {
            lookedAt = true;
            replay();
        }
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
        } else {
            session.flow.adjust();
        }
    }

    /** The session has to leave its server, if it has one, and to go to another. */
    private void moveOn() {
        search.startWaiting();
        ServerLink old = session.server.link();
        if (old != null && commands.takesTrackersBack(old)) {
            // What the client has changed last is being read.
            session.watchServer();
            return;
        }
        if (!session.isMovable()) {
            session.close(CloseCause.UNMOVABLE_COMMAND);
        } else if (old != null && old.changesPending) {
            // Its answer carries the changes that an error or an EOF could not.
            old.changesPending = false;
            old.sendOwn(Command.PING, new byte[0], OwnReply.IGNORED);
            session.watchServer();
        } else {
            session.leaveServer();
            search.start();
        }
    }

    /** Whether the client is in the middle of a command. */
    boolean isReceiving() {
        return commands.isReceiving();
    }

    /** Takes bytes that come when the session is over; takes ownership. */
    void discard(ByteBuf in) {
        if (commands.discard(in)) {
            session.client.channel.close();
        }
    }

    /** Stops waiting and releases what is kept. */
    void close() {
        search.cancel();
        held.release();
        if (commands.isReceiving()) {
            // Needed to see where that ends.
            session.client.channel.closeFuture().addListener(_ -> commands.release());
        } else {
            commands.release();
        }
    }
}
