package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.response.ResponseTracker;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.RoutingTable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The session's connection to one server, and what is outstanding on it. */
final class ServerLink {

    final BackendConnection connection;
    final Channel channel;
    final ResponseTracker tracker;
    final ExchangeQueue exchanges = new ExchangeQueue();

    /** States made once, because a session goes through them with every command. */
    final SessionState.Idle idle;

    final SessionState.Busy busy;
    final SessionState.InTransaction inTransaction;

    /** The picture in which this server was last found to be the right one for any command. */
    @Nullable RoutingTable approvedBy;

    /**
     * Whether the server has the client's settings of session trackers and not the proxy's; then
     * one command at a time passes.
     */
    boolean lent;

    /** The server's status flags after the last complete response. */
    int status;

    /** Whether the last response could not carry changes of session state that there may be. */
    boolean changesPending;

    /**
     * Whether the last response was an error after which servers close the connection, because what
     * the client sent cannot be understood any more.
     */
    boolean serverEnds;

    /** Whether what was written last is a command, or a file, of which a part is still to come. */
    boolean inCommand;

    /** Bytes that could not be understood without those that follow. */
    @Nullable ByteBuf leftOver;

    private final ArrayDeque<ByteBuf> deferred = new ArrayDeque<>(0);
    private boolean unflushed;
    private boolean broken;

    ServerLink(BackendConnection connection, int status) {
        this.connection = connection;
        this.status = status;
        channel = connection.channel();
        tracker = new ResponseTracker(connection.capabilities());
        idle = new SessionState.Idle(connection.backend());
        busy = new SessionState.Busy(connection.backend());
        inTransaction = new SessionState.InTransaction(connection.backend());
    }

    Backend backend() {
        return connection.backend();
    }

    boolean isInTransaction() {
        return ServerStatus.has(status, ServerStatus.IN_TRANS);
    }

    /** The state of a session on this link. */
    SessionState state() {
        return exchanges.ofClient() > 0 ? busy : isInTransaction() ? inTransaction : idle;
    }

    /** Expects the response to a command of the client's that is about to be written. */
    Exchange expect(Command command) {
        return expect(command, null);
    }

    private Exchange expect(Command command, @Nullable OwnReply own) {
        boolean first = exchanges.isEmpty();
        Exchange exchange = exchanges.add(own);
        exchange.command = command;
        if (first) {
            tracker.begin(command);
        }
        return exchange;
    }

    /** The first response is complete: expects the next. */
    void completeFirst() {
        exchanges.removeFirst();
        Exchange next = exchanges.first();
        if (next != null) {
            tracker.begin(next.command);
        }
    }

    /**
     * Sends a command of the proxy's own, behind the client's if a part of that is still to come;
     * nothing is flushed.
     */
    void sendOwn(Command command, byte[] argument, OwnReply reply) {
        expect(command, reply);
        ByteBuf packet = channel.alloc().buffer(argument.length + 5);
        PacketWriter.write(packet, 0, out -> out.writeByte(command.code()).writeBytes(argument));
        if (inCommand) {
            deferred.add(packet);
        } else {
            write(packet);
        }
    }

    /** The bytes of the client's newest command, if it is one that comes in parts. */
    @Nullable LongRequest newestLongRequest() {
        Exchange newest = exchanges.last();
        return newest == null || newest.isOwn() ? null : newest.longRequest;
    }

    /** Whether own commands wait for the end of one of the client's. */
    boolean hasDeferred() {
        return !deferred.isEmpty();
    }

    /** The client's command has ended: sends what waits for that; nothing is flushed. */
    void sendDeferred() {
        inCommand = false;
        for (ByteBuf packet = deferred.poll(); packet != null; packet = deferred.poll()) {
            write(packet);
        }
    }

    /**
     * Something went wrong on the connection. If it was a write, the server may have said something
     * before it left, and reading that comes to the connection's end by itself.
     */
    void onBroken() {
        if (!broken) {
            broken = true;
            Closing.closeLater(channel);
        }
    }

    /** Writes; takes ownership. */
    void write(ByteBuf bytes) {
        if (broken) {
            bytes.release();
            return;
        }
        unflushed = true;
        channel.write(bytes, channel.voidPromise());
    }

    /** Flushes what was written since the last time. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /**
     * Releases all buffers, and leaves the server as a client does; without a word when the server
     * would take it for a part of the command that it is still receiving, and then execute that.
     */
    void leave() {
        release();
        if (channel.isActive() && !inCommand && !broken) {
            ByteBuf quit = channel.alloc().buffer(5);
            PacketWriter.write(quit, 0, out -> out.writeByte(Command.QUIT.code()));
            Closing.after(channel.writeAndFlush(quit));
        } else {
            channel.close();
        }
    }

    /** Releases all buffers. */
    void release() {
        exchanges.clear();
        deferred.forEach(ByteBuf::release);
        deferred.clear();
        if (leftOver != null) {
            leftOver.release();
            leftOver = null;
        }
    }
}
