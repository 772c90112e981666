package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.response.ResponseShape;
import io.moha.protocol.wire.CommandScanner;
import io.moha.protocol.wire.PacketHeader;
import io.moha.proxy.statement.StatementKind;
import io.moha.proxy.statement.StatementTrait;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The way of bytes from the client to the server: finds the commands in them, asks for each whether
 * it may pass, and forwards each buffer whole, as it was read, as long as all may.
 */
final class CommandPath {

    /**
     * Commands up to this many bytes are looked at only when they are complete, so that they can be
     * held, refused and sent again; longer ones go through as they come.
     */
    private static final int WHOLE_LIMIT = 16 * 1024;

    /** As {@link #WHOLE_LIMIT}, for commands that the session has to keep or to hand over. */
    private static final int KEPT_LIMIT = 1024 * 1024;

    private final SessionMachine session;
    private final CommandReader reader;
    private final TrackerKeeper trackers;
    private final CommandScanner scanner = new CommandScanner();
    private @Nullable ByteBuf leftOver;

    /** Whether the rest of the message that the scanner is passing goes nowhere. */
    private boolean dropping;

    /** That message, if it has a response. */
    private @Nullable LongRequest receiving;

    /** Whether that message is a statement, in whose rest traits may be found. */
    private boolean readingStatement;

    CommandPath(SessionMachine session, CommandReader reader, TrackerKeeper trackers) {
        this.session = session;
        this.reader = reader;
        this.trackers = trackers;
    }

    /** Takes bytes as they come from the client; takes ownership. */
    void accept(ByteBuf in) {
        ByteBuf bytes = Buffers.join(session.client.channel.alloc(), leftOver, in);
        leftOver = null;
        int end = bytes.writerIndex();
        int start = bytes.readerIndex();
        boolean continues = !scanner.isAtBoundary();
        scanner.moveTo(start);
        boolean found = scanner.next(bytes, end);
        if (dropping) {
            bytes.readerIndex(scanner.position());
            dropping = !scanner.isAtBoundary();
        } else if (continues) {
            onContinued(bytes, start);
        }
        while (found) {
            if (!isWholeEnough(end)) {
                break;
            }
            if (!onCommand(bytes, end)) {
                return;
            }
            found = scanner.next(bytes, end);
        }
        leftOver = Buffers.cutTail(session.client.channel.alloc(), bytes, scanner.position());
        forwardAll(bytes);
        noteBoundary();
    }

    /** A command or a file, the rest of which came or goes on coming. */
    private void onContinued(ByteBuf bytes, int start) {
        if (readingStatement) {
            reader.continueStatement(bytes, start, scanner.position());
        }
        if (receiving != null) {
            receiving.add(bytes, start, scanner.position() - start);
            if (scanner.isAtBoundary()) {
                receiving.end();
                receiving = null;
            }
        }
        ServerLink link = session.server.link();
        if (link != null && link.hasDeferred() && scanner.isAtBoundary()) {
            forwardUpTo(bytes, scanner.position());
            link.sendDeferred();
        }
    }

    private boolean isWholeEnough(int end) {
        int limit =
                switch (scanner.command()) {
                    case STMT_PREPARE, CHANGE_USER -> KEPT_LIMIT;
                    default -> WHOLE_LIMIT;
                };
        // Of a longer command there has to be enough to find in it what the reader looks for.
        boolean begun = scanner.length() > limit && end - scanner.payloadStart() >= WHOLE_LIMIT;
        return begun || scanner.isWhole(end);
    }

    /** Tells the server's link whether what was written to it ends with a command. */
    private void noteBoundary() {
        ServerLink link = session.server.link();
        if (link != null) {
            link.inCommand = scanner.isInFile() || (!dropping && !scanner.isAtBoundary());
        }
    }

    /**
     * Deals with the command at the scanner's position.
     *
     * @return whether the caller still owns {@code bytes} and goes on
     */
    private boolean onCommand(ByteBuf bytes, int end) {
        Command command = scanner.command();
        if (command == Command.QUIT) {
            forwardUpTo(bytes, scanner.position());
            bytes.release();
            session.close(CloseCause.CLIENT_QUIT);
            return false;
        }
        return switch (session.gate.passage()) {
            case FORWARD -> pass(bytes, end, command);
            case ABORT -> refuse(bytes, end, command);
            case INTERRUPT -> interrupt(bytes, end, command);
            case HOLD, MOVE -> withoutServer(bytes, end, command);
        };
    }

    private boolean pass(ByteBuf bytes, int end, Command command) {
        ServerLink link = session.server.require();
        int traits = reader.traits(bytes, scanner, end);
        boolean leaves = command == Command.CHANGE_USER || isStream(command);
        boolean aboutTrackers = CommandReader.isAboutTrackers(command, traits);
        boolean alone = leaves || aboutTrackers;
        if (alone ? !link.exchanges.isEmpty() : !goesOn(link, bytes, command, traits)) {
            hold(bytes);
            return false;
        }
        if (leaves) {
            return leaveCommandPhase(bytes, end, command);
        }
        if (aboutTrackers) {
            beginOwn(link, bytes);
            trackers.lend(link, reader.textOf(bytes, scanner, end));
        }
        int start = scanner.position();
        session.client.onCommand();
        ByteBuf rewritten;
        try {
            rewritten = reader.read(bytes, scanner, end, link, traits);
        } catch (RuntimeException e) {
            bytes.release();
            throw e;
        }
        readingStatement = command == Command.QUERY || command == Command.STMT_PREPARE;
        scanner.pass(end);
        receiving = scanner.isAtBoundary() ? null : link.newestLongRequest();
        if (receiving != null) {
            receiving.add(bytes, start, scanner.position() - start);
        }
        if (rewritten != null) {
            forwardUpTo(bytes, start);
            bytes.readerIndex(scanner.position());
            link.write(rewritten);
        }
        return true;
    }

    /**
     * Whether a command may go on if one about trackers was before: it asks what that one has left,
     * or the proxy's settings are back.
     */
    private boolean goesOn(ServerLink link, ByteBuf bytes, Command command, int traits) {
        if (!link.lent || command == Command.PING || traits == StatementTrait.DIAGNOSTICS) {
            return true;
        }
        beginOwn(link, bytes);
        return trackers.takeBack(link);
    }

    /** What follows is not the client's; it has to come behind what the client has sent. */
    private void beginOwn(ServerLink link, ByteBuf bytes) {
        forwardUpTo(bytes, scanner.position());
        link.inCommand = false;
    }

    /** Whether the server is being asked what the client has changed, before it can be left. */
    boolean takesTrackersBack(ServerLink link) {
        return trackers.takeBackBeforeMove(link);
    }

    private static boolean isStream(Command command) {
        return ResponseShape.of(command) == ResponseShape.STREAM;
    }

    /** The connection belongs to another protocol for a while, or for good. */
    private boolean leaveCommandPhase(ByteBuf bytes, int end, Command command) {
        if (!scanner.isWhole(end)) {
            bytes.release();
            session.close(CloseCause.CLIENT_MALFORMED);
            return false;
        }
        beginOwn(session.server.require(), bytes);
        scanner.pass(end);
        if (isStream(command)) {
            forwardAll(bytes);
            session.startStreaming();
            return false;
        }
        int length = scanner.position() - bytes.readerIndex();
        ByteBuf packet = bytes.readRetainedSlice(length);
        session.userChange.begin(packet, bytes);
        return false;
    }

    /** Answers a command whose transaction is lost; the command goes nowhere. */
    private boolean refuse(ByteBuf bytes, int end, Command command) {
        int start = scanner.payloadStart();
        boolean whole = scanner.isWhole(end);
        if (ResponseShape.of(command) == ResponseShape.NONE) {
            forgetIfClosed(bytes, command);
            drop(bytes, end);
            return true;
        }
        if (scanner.length() == PacketHeader.MAX_PAYLOAD) {
            // The number of the response's packet depends on packets that are still to come.
            bytes.release();
            session.close(CloseCause.OUTCOME_UNKNOWN);
            return false;
        }
        if (command == Command.PING) {
            // Asks about the session, which lives, and not about the transaction.
            drop(bytes, end);
            session.losses.answerPing(scanner.sequence() + 1);
            return true;
        }
        if (command == Command.RESET_CONNECTION && session.isMovable()) {
            // Rolls back what is rolled back already.
            session.losses.forgetTransaction();
            hold(bytes);
            return false;
        }
        StatementKind kind =
                whole
                        ? reader.kindOf(bytes, command, start, start + scanner.length())
                        : StatementKind.LASTING;
        drop(bytes, end);
        session.losses.refuse(kind, scanner.sequence() + 1);
        if (session.isClosed()) {
            bytes.release();
            return false;
        }
        return true;
    }

    /** Answers a command as a server does whose statement is killed; the command goes nowhere. */
    private boolean interrupt(ByteBuf bytes, int end, Command command) {
        forgetIfClosed(bytes, command);
        drop(bytes, end);
        if (ResponseShape.of(command) != ResponseShape.NONE) {
            session.gate.onInterrupted();
            ErrPacket error = ErrPacket.of(ErrorCode.QUERY_INTERRUPTED);
            session.client.sendError(error, scanner.sequence() + 1);
        }
        return true;
    }

    /** There is no server for the command yet. */
    private boolean withoutServer(ByteBuf bytes, int end, Command command) {
        if (session.server.hasOutstanding()) {
            hold(bytes);
            return false;
        }
        if (command == Command.STMT_CLOSE && session.server.isEmpty()) {
            forgetIfClosed(bytes, command);
            drop(bytes, end);
            return true;
        }
        // A pool that asks whether its connection lives must hear yes: the session does.
        if (command == Command.PING && session.gate.passage() == Passage.HOLD) {
            drop(bytes, end);
            session.losses.answerPing(scanner.sequence() + 1);
            return true;
        }
        if (scanner.isWhole(end) && reader.killWithoutServer(bytes, scanner)) {
            drop(bytes, end);
            session.losses.answerPing(scanner.sequence() + 1);
            return true;
        }
        hold(bytes);
        return false;
    }

    private void forgetIfClosed(ByteBuf bytes, Command command) {
        if (command == Command.STMT_CLOSE) {
            reader.forgetStatement(bytes, scanner.payloadStart(), scanner.length());
        }
    }

    private void drop(ByteBuf bytes, int end) {
        forwardUpTo(bytes, scanner.position());
        scanner.pass(end);
        bytes.readerIndex(scanner.position());
        dropping = !scanner.isAtBoundary();
    }

    private void hold(ByteBuf bytes) {
        ServerLink link = session.server.link();
        if (link != null) {
            beginOwn(link, bytes);
        }
        session.gate.hold(bytes);
    }

    private void forwardUpTo(ByteBuf bytes, int index) {
        int length = index - bytes.readerIndex();
        if (length > 0) {
            session.server.require().write(bytes.readRetainedSlice(length));
        }
    }

    private void forwardAll(ByteBuf bytes) {
        if (bytes.isReadable()) {
            session.server.require().write(bytes);
        } else {
            bytes.release();
        }
    }

    /** Sequence number of the client's last packet. */
    int sequence() {
        return scanner.sequence();
    }

    /** The server asked for a file: the client's next packets are its contents. */
    void expectFile() {
        scanner.expectFile();
        readingStatement = false;
        noteBoundary();
    }

    /** Whether the client is still sending a command of which the beginning was passed. */
    boolean isReceiving() {
        return !scanner.isAtBoundary() || scanner.isInFile();
    }

    /** The command that the client is still sending was taken back: what comes next is its rest. */
    void takeBack() {
        receiving = null;
        scanner.abandon();
    }

    /** The command that the client is still sending is answered already: its rest goes nowhere. */
    void dropRest() {
        receiving = null;
        dropping = !scanner.isAtBoundary();
    }

    /**
     * Takes bytes that come when the session is over; takes ownership.
     *
     * @return whether the client has sent the whole of the command that it was sending
     */
    boolean discard(ByteBuf in) {
        ByteBuf bytes = Buffers.join(session.client.channel.alloc(), leftOver, in);
        scanner.moveTo(bytes.readerIndex());
        scanner.next(bytes, bytes.writerIndex());
        boolean done = !isReceiving();
        leftOver =
                done
                        ? null
                        : Buffers.cutTail(
                                session.client.channel.alloc(), bytes, scanner.position());
        bytes.release();
        return done;
    }

    /** Releases what is kept. */
    void release() {
        if (leftOver != null) {
            leftOver.release();
            leftOver = null;
        }
    }
}
