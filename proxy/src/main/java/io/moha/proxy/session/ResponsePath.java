package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.response.OkPacketView;
import io.moha.protocol.response.ResponseEvent;
import io.moha.protocol.response.ResponseTracker;
import io.moha.protocol.response.SessionChangeFilter;
import io.moha.protocol.response.SessionChanges;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.protocol.wire.PacketHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The way of bytes from the server to the client: finds the ends of responses, and forwards each
 * buffer whole, as it was read, but for what the client must not see: session state changes it did
 * not ask for, and responses to commands of the proxy's own.
 */
final class ResponsePath {

    private static final int ERR_HEADER = 0xFF;
    private static final int PREPARED_ID = PacketHeader.SIZE + 1;

    private final SessionMachine session;
    private final ClientLink client;
    private final SessionMemory memory;
    private final CommandPath commands;
    private final ResponseEffects effects;

    ResponsePath(
            SessionMachine session,
            SessionMemory memory,
            CommandPath commands,
            ResponseEffects effects) {
        this.session = session;
        this.client = session.client;
        this.memory = memory;
        this.commands = commands;
        this.effects = effects;
    }

    /** Takes bytes as they come from the server; takes ownership. */
    void accept(ServerLink link, ByteBuf in) {
        ByteBufAllocator allocator = client.channel.alloc();
        ByteBuf bytes = Buffers.join(allocator, link.leftOver, in);
        link.leftOver = null;
        int position;
        try {
            position = walk(link, bytes);
        } catch (RuntimeException e) {
            bytes.release();
            throw e;
        }
        if (!session.server.holds(link)) {
            bytes.release();
            return;
        }
        link.leftOver = Buffers.cutTail(allocator, bytes, position);
        if (bytes.isReadable()) {
            client.write(bytes);
        } else {
            bytes.release();
        }
    }

    /**
     * Walks over all responses in {@code bytes}. What lies between the reader index and the result
     * is to be forwarded; what lies behind has to be seen again.
     */
    private int walk(ServerLink link, ByteBuf bytes) {
        int position = bytes.readerIndex();
        while (position < bytes.writerIndex()) {
            Exchange exchange = link.exchanges.first();
            if (exchange == null) {
                onUnasked(link, bytes, position);
                return position;
            }
            int from = position;
            ResponseEvent event = link.tracker.accept(bytes, from);
            position = link.tracker.position();
            if (exchange.isOwn()) {
                keepOwn(exchange, bytes, from, position);
                onOwnEvent(link, exchange, event, bytes);
            } else {
                int answer = event == ResponseEvent.ERR ? link.tracker.eventStart() : position;
                exchange.answered |= answer > from;
                position = onEvent(link, exchange, event, bytes);
            }
            if (event == ResponseEvent.MORE_BYTES || !session.server.holds(link)) {
                return position;
            }
            if (link.tracker.isComplete()) {
                complete(link, exchange, event);
            }
        }
        return position;
    }

    /** Returns where to go on, which is behind the event unless something was cut out. */
    private int onEvent(ServerLink link, Exchange exchange, ResponseEvent event, ByteBuf bytes) {
        ResponseTracker tracker = link.tracker;
        switch (event) {
            case OK -> {
                // Not the last one's alone: an error may follow, which has none.
                link.status = tracker.status();
                if (tracker.ok().hasChanges()) {
                    return onChanges(link, exchange, bytes);
                }
            }
            case ERR -> onError(link, exchange, bytes);
            case PREPARED -> onPrepared(tracker, exchange, bytes);
            case LOCAL_INFILE -> commands.expectFile();
            case EOF -> link.status = tracker.status();
            case MORE_BYTES, END -> {}
        }
        return tracker.position();
    }

    private int onChanges(ServerLink link, Exchange exchange, ByteBuf bytes) {
        OkPacketView ok = link.tracker.ok();
        SessionChanges.read(bytes, ok, memory);
        memory.onChangesEnd(exchange.traits);
        int oldEnd = ok.packetEnd();
        if (link.lent && client.wishes.tracks()) {
            // The server tells what the client asked for, and nothing else.
            return oldEnd;
        }
        int newEnd = SessionChangeFilter.apply(bytes, ok, client.wishes);
        if (newEnd == oldEnd) {
            return oldEnd;
        }
        if (oldEnd == bytes.writerIndex()) {
            bytes.writerIndex(newEnd);
            return newEnd;
        }
        client.write(bytes.readRetainedSlice(newEnd - bytes.readerIndex()));
        bytes.readerIndex(oldEnd);
        return oldEnd;
    }

    private void onError(ServerLink link, Exchange exchange, ByteBuf bytes) {
        int number = link.tracker.errorNumber();
        int start = link.tracker.eventStart();
        boolean shutdown = number == ErrorCode.SERVER_SHUTDOWN.number();
        boolean readOnly =
                number == ErrorCode.OPTION_PREVENTS_STATEMENT.number()
                        || number == ErrorCode.READ_ONLY_MODE.number();
        if (!shutdown && !(readOnly && session.losses.isGivingWay(link))) {
            exchange.answered = true;
            return;
        }
        // The session decides what the client gets in place of this error; what came before it of
        // the same response, or of others, has to be out by then.
        int before = start - bytes.readerIndex();
        if (before > 0) {
            client.write(bytes.readRetainedSlice(before));
        }
        if (shutdown) {
            session.onServerLost(link);
        } else if (!session.losses.takeOverReadOnlyError(link, exchange)) {
            exchange.answered = true;
        }
    }

    private void onPrepared(ResponseTracker tracker, Exchange exchange, ByteBuf bytes) {
        long serverId = tracker.statementId();
        long clientId = memory.onPrepared(serverId, exchange.sql, tracker.parameters());
        if (clientId != serverId) {
            bytes.setIntLE(tracker.eventStart() + PREPARED_ID, (int) clientId);
        }
    }

    private void keepOwn(Exchange exchange, ByteBuf bytes, int from, int to) {
        if (from > bytes.readerIndex()) {
            client.write(bytes.readRetainedSlice(from - bytes.readerIndex()));
        }
        ByteBuf kept = exchange.ownResponse;
        if (kept == null) {
            kept = client.channel.alloc().buffer(to - from);
            exchange.ownResponse = kept;
        }
        kept.writeBytes(bytes, from, to - from);
        bytes.readerIndex(to);
    }

    /** Changes that could not be told before come with the response to an own command. */
    private void onOwnEvent(
            ServerLink link, Exchange exchange, ResponseEvent event, ByteBuf bytes) {
        if (event == ResponseEvent.OK && link.tracker.ok().hasChanges()) {
            boolean locked = memory.tablesLocked();
            SessionChanges.read(bytes, link.tracker.ok(), memory);
            memory.onOwnChangesEnd();
            if (locked && exchange.command == Command.QUERY) {
                // A tracker that is switched on again begins with a state that is not the present.
                memory.onTablesLocked(true);
            }
        }
    }

    private void complete(ServerLink link, Exchange exchange, ResponseEvent event) {
        noteStatus(link, event);
        if (exchange.isOwn()) {
            completeOwn(link, exchange, event);
            return;
        }
        boolean warned = event != ResponseEvent.OK || link.tracker.ok().warnings() > 0;
        effects.onComplete(link, exchange, event != ResponseEvent.ERR, warned);
        link.completeFirst();
    }

    private static void noteStatus(ServerLink link, ResponseEvent event) {
        boolean hasStatus = event == ResponseEvent.OK || event == ResponseEvent.EOF;
        if (hasStatus) {
            link.status = link.tracker.status();
        } else if (event == ResponseEvent.ERR
                && link.tracker.errorNumber() == ErrorCode.LOCK_DEADLOCK.number()) {
            // The one error of which it is certain that the whole transaction was rolled back.
            link.status &= ~ServerStatus.IN_TRANS;
        } else if (event == ResponseEvent.ERR) {
            int number = link.tracker.errorNumber();
            link.serverEnds =
                    number == ErrorCode.PACKETS_OUT_OF_ORDER.number()
                            || number == ErrorCode.PACKET_TOO_LARGE.number();
        }
        link.changesPending = event != ResponseEvent.OK;
    }

    private void completeOwn(ServerLink link, Exchange exchange, ResponseEvent event) {
        OwnReply reply = exchange.own;
        ByteBuf response = exchange.ownResponse;
        exchange.ownResponse = null;
        link.completeFirst();
        try {
            if (reply != null && response != null) {
                reply.onReply(event != ResponseEvent.ERR, response);
            }
        } finally {
            if (response != null) {
                response.release();
            }
        }
    }

    /** A server that was not asked says why it ends the session, and then ends it. */
    private void onUnasked(ServerLink link, ByteBuf bytes, int position) {
        int available = bytes.writerIndex() - position;
        boolean whole =
                available >= PacketHeader.SIZE + 3
                        && available
                                >= PacketHeader.SIZE + PacketHeader.payloadLength(bytes, position);
        if (!whole) {
            return;
        }
        if (bytes.getUnsignedByte(position + PacketHeader.SIZE) != ERR_HEADER) {
            throw new MalformedPacketException("the server speaks without being asked");
        }
        if (position > bytes.readerIndex()) {
            // Whole responses, for which the client waits.
            client.write(bytes.readRetainedSlice(position - bytes.readerIndex()));
        }
        int number = bytes.getUnsignedShortLE(position + PacketHeader.SIZE + 1);
        if (number == ErrorCode.SERVER_SHUTDOWN.number()) {
            session.onServerLost(link);
        } else {
            client.write(bytes.retainedSlice(position, available));
            session.close(CloseCause.SERVER_ENDED);
        }
    }

    /** The payload of the last packet but one in {@code packets}; null when there is none. */
    static @Nullable ByteBuf lastButOne(ByteBuf packets) {
        ByteBuf last = null;
        ByteBuf beforeLast = null;
        int position = packets.readerIndex();
        while (position < packets.writerIndex()) {
            int length = PacketHeader.payloadLength(packets, position);
            beforeLast = last;
            last = packets.slice(position + PacketHeader.SIZE, length);
            position += PacketHeader.SIZE + length;
        }
        return beforeLast;
    }
}
