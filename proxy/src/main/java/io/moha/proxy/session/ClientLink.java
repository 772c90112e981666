package io.moha.proxy.session;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.response.TrackerWishes;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.metrics.LoopCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.concurrent.Future;

/** The session's connection to its client. */
final class ClientLink {

    final Channel channel;

    /** Who the client is; changes with COM_CHANGE_USER. */
    ClientLogin login;

    /** Which session state changes the client wants to see. */
    TrackerWishes wishes;

    /** Bytes read from the client and written to it, since the session began. */
    long bytesIn;

    long bytesOut;

    private final LoopCounters counters;
    private boolean unflushed;
    private long lastBytes;
    private int silentLooks;

    ClientLink(Channel channel, ClientLogin login, LoopCounters counters) {
        this.channel = channel;
        this.login = login;
        this.counters = counters;
        wishes = defaultWishes();
    }

    /** What the client wants after a login, before it has set anything. */
    TrackerWishes defaultWishes() {
        return Capability.has(login.capabilities(), Capability.SESSION_TRACK)
                ? TrackerWishes.DEFAULTS
                : TrackerWishes.NOTHING;
    }

    /** {@code length} bytes came. */
    void onRead(int length) {
        bytesIn += length;
        counters.countFromClient(length);
    }

    /**
     * How often in a row, this time included, was found that nothing was read from the client or
     * written to it since the look before.
     *
     * @param atRest whether there is nothing that explains its silence
     */
    int silentLooks(boolean atRest) {
        long bytes = bytesIn + bytesOut;
        silentLooks = atRest && bytes == lastBytes ? silentLooks + 1 : 0;
        lastBytes = bytes;
        return silentLooks;
    }

    /** The next command came. */
    void onCommand() {
        counters.countCommand();
    }

    /** Writes; takes ownership. */
    void write(ByteBuf bytes) {
        int length = bytes.readableBytes();
        bytesOut += length;
        counters.countToClient(length);
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

    /** Writes an error as the packet with number {@code sequence}; does not flush. */
    void sendError(ErrPacket error, int sequence) {
        ByteBuf packet = channel.alloc().buffer();
        PacketWriter.write(packet, sequence, error::encode);
        write(packet);
    }

    /** Writes a plain OK with the server status {@code status}; does not flush. */
    void sendOk(int status, int sequence) {
        ByteBuf packet = channel.alloc().buffer();
        OkPacket ok = OkPacket.of(status);
        PacketWriter.write(
                packet, sequence, out -> ok.encode(out, OkPacket.HEADER, login.capabilities()));
        write(packet);
    }

    /**
     * Leaves it to the client to close, for a while: it is still sending, and a connection that is
     * closed on unread bytes is reset, which overtakes what was written.
     */
    void closeAfterReading() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER, channel.voidPromise());
        channel.config().setAutoRead(true);
        Future<?> deadline = Closing.closeLater(channel);
        channel.closeFuture().addListener(_ -> deadline.cancel(false));
    }

    /** Closes once all that was written is out, or its time for that is over. */
    void closeAfterFlush() {
        Closing.after(channel.writeAndFlush(Unpooled.EMPTY_BUFFER));
    }
}
