package io.moha.proxy.session;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.config.DrainConfig;
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
 * Answers for a server that is gone or has become read-only: gathers what stood where, lets {@link
 * LossRules} decide, and does it.
 */
final class LossKeeper {

    private static final Logger LOGGER = LoggerFactory.getLogger(LossKeeper.class);

    /** The flags that say something about the session and not about one response. */
    private static final int LASTING_STATUS =
            ServerStatus.IN_TRANS
                    | ServerStatus.IN_TRANS_READONLY
                    | ServerStatus.AUTOCOMMIT
                    | ServerStatus.NO_BACKSLASH_ESCAPES;

    private final SessionMachine session;
    private final SessionMemory memory;
    private final CommandReader reader;
    private final CommandPath commands;

    LossKeeper(
            SessionMachine session,
            SessionMemory memory,
            CommandReader reader,
            CommandPath commands) {
        this.session = session;
        this.memory = memory;
        this.reader = reader;
        this.commands = commands;
    }

    /** The session's server is gone, or has said that it goes. */
    void onLoss(ServerLink lost) {
        Exchange exchange = lost.exchanges.firstOfClient();
        Loss loss =
                new Loss(
                        session.isMovable(),
                        lost.isInTransaction(),
                        !session.isInTransaction(),
                        lost.exchanges.ofClient(),
                        exchange != null && exchange.answered,
                        exchange != null && exchange.isRequestKept(),
                        exchange == null || exchange.isDelivered(),
                        lost.tracker.isAtBoundary(),
                        exchange == null ? StatementKind.LASTING : reader.kindOf(exchange));
        LossOutcome outcome = LossRules.decide(loss);
        LOGGER.atDebug()
                .addKeyValue("session", session.id())
                .addKeyValue("node", lost.backend().node())
                .addKeyValue("outcome", outcome)
                .log("session lost its server");
        act(outcome, lost, exchange);
    }

    private void act(LossOutcome outcome, ServerLink lost, @Nullable Exchange exchange) {
        switch (outcome) {
            case DETACH -> session.leaveServer();
            case DETACH_ABORTED -> {
                session.gate.abortTransaction();
                session.leaveServer();
            }
            case SEND_AGAIN -> {
                if (exchange == null || !sendAgain(exchange)) {
                    throw new IllegalStateException("nothing to send again");
                }
            }
            case ROLLED_BACK, ABORT_TRANSACTION -> {
                int sequence = nextSequence(lost, exchange);
                session.leaveServer();
                commands.dropRest();
                answer(outcome == LossOutcome.ROLLED_BACK, sequence);
            }
            case UNDELIVERED -> session.close(CloseCause.UNDELIVERED);
            case OUTCOME_UNKNOWN -> session.close(CloseCause.OUTCOME_UNKNOWN);
            case CUT -> session.close(CloseCause.RESULT_CUT);
            case END -> session.close(CloseCause.UNMOVABLE);
        }
    }

    /**
     * A statement was refused because the server is read-only by now.
     *
     * @return false when the client is to see the error
     */
    boolean takeOverReadOnlyError(ServerLink from, Exchange exchange) {
        if (exchange.answered || from.exchanges.size() > 1 || !session.isMovable()) {
            return false;
        }
        if (session.isInTransaction()) {
            int sequence = nextSequence(from, exchange);
            if (mayKeepClient()) {
                session.leaveServer();
                answer(false, sequence);
            } else {
                session.closeTelling(CloseCause.TRANSACTION_CUT, sequence);
            }
            return true;
        }
        StatementKind kind = reader.kindOf(exchange);
        boolean undone = kind == StatementKind.TRANSACTIONAL || kind == StatementKind.REPEATABLE;
        return undone && sendAgain(exchange);
    }

    private boolean sendAgain(Exchange exchange) {
        boolean unfinished = !exchange.isDelivered();
        ByteBuf request = exchange.requestBytes(session.client.channel.alloc());
        if (request == null) {
            return false;
        }
        CommandReader.renameForClient(exchange, request);
        if (unfinished) {
            commands.takeBack();
        }
        session.leaveServer();
        session.gate.hold(request);
        return true;
    }

    /** The transaction is lost, and a command of {@code kind} wants to go on with it. */
    void refuse(StatementKind kind, int sequence) {
        session.gate.forgetTransaction();
        if (session.server.link() != null && !mayKeepClient()) {
            session.closeTelling(CloseCause.TRANSACTION_CUT, sequence);
        } else if (session.isMovable()) {
            session.leaveServer();
            answer(kind == StatementKind.ROLLBACK, sequence);
        } else {
            session.closeTelling(CloseCause.UNMOVABLE_COMMAND, sequence);
        }
    }

    /** Whether clients keep their connection when a living server gives way to another. */
    private boolean mayKeepClient() {
        return session.dependencies().endings().onDeadline() == DrainConfig.OnDeadline.ERROR;
    }

    /** The transaction is over, and what was lost with it is of no interest; leaves the server. */
    void forgetTransaction() {
        session.gate.forgetTransaction();
        session.leaveServer();
        memory.transaction().forget();
    }

    private void answer(boolean rolledBack, int sequence) {
        memory.transaction().forget();
        if (rolledBack) {
            session.client.sendOk(memory.statusOfDetached(), sequence);
        } else {
            session.client.sendError(ErrPacket.of(ErrorCode.LOCK_DEADLOCK), sequence);
        }
    }

    /**
     * A client that asks whether its session lives hears that it does. Of a transaction that is
     * lost it has not heard yet: drivers send no COMMIT where they believe that none is open.
     */
    void answerPing(int sequence) {
        ServerLink link = session.server.link();
        int lost = session.gate.lostTransaction() ? ServerStatus.IN_TRANS : 0;
        int status = link == null ? memory.statusOfDetached() | lost : link.status & LASTING_STATUS;
        session.client.sendOk(status, sequence);
    }

    /**
     * What the client is told at an end for {@code cause} while the response to {@code due} is
     * owed: not that the command was not executed, unless that is true.
     */
    CloseCause told(CloseCause cause, ServerLink link, Exchange due) {
        boolean denies =
                switch (cause) {
                    case SHUTDOWN, HOLD_FULL, HOLD_EXPIRED, KILLED -> true;
                    default -> false;
                };
        if (!denies || !due.isDelivered()) {
            return cause;
        }
        return switch (reader.kindOf(due)) {
            case REPEATABLE, SETTING, ROLLBACK -> cause;
            case TRANSACTIONAL -> link.isInTransaction() ? cause : CloseCause.OUTCOME_UNKNOWN;
            case LASTING -> CloseCause.OUTCOME_UNKNOWN;
        };
    }

    /** The number of the packet with which the proxy may end the response that is due. */
    int nextSequence(@Nullable ServerLink link, @Nullable Exchange exchange) {
        if (link == null || exchange == null) {
            return commands.sequence() + 1;
        }
        if (link.tracker.isComplete()) {
            // The response's last packet is an error that the client does not see: in its place.
            return link.tracker.sequence();
        }
        return (exchange.answered ? link.tracker.sequence() : commands.sequence()) + 1;
    }

    /** Whether the server is about to stop being the primary, or has stopped. */
    boolean isGivingWay(ServerLink link) {
        RoutingTable table = session.table();
        Backend primary = table.primary();
        return session.route() != Route.REPLICA
                && (table.state() != PrimaryState.SERVING
                        || primary == null
                        || !primary.isSamePlace(link.backend()));
    }
}
