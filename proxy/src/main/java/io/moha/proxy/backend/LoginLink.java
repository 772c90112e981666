package io.moha.proxy.backend;

import io.moha.protocol.packet.Octets;
import io.moha.protocol.wire.PacketSequence;
import io.moha.protocol.wire.PacketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends the packets of one login on one channel, each with the sequence number that is due.
 * Confined to the channel's event loop.
 */
public final class LoginLink {

    // Greetings, proofs and errors fit; public keys and long attributes make it grow.
    private static final int INITIAL_BUFFER = 256;

    /** How long a side that was told its last word may take to close. */
    private static final Duration HANG_UP = Duration.ofSeconds(1);

    private final Channel channel;
    private final PacketSequence sequence;

    /**
     * @param sequence shared with the decoder that reads from the same channel
     */
    public LoginLink(Channel channel, PacketSequence sequence) {
        this.channel = channel;
        this.sequence = sequence;
    }

    /** The channel. */
    public Channel channel() {
        return channel;
    }

    /** Sends one packet whose payload {@code payload} writes. */
    public void send(Consumer<ByteBuf> payload) {
        channel.writeAndFlush(packet(payload), channel.voidPromise());
    }

    /** Sends {@code payload} as one packet. */
    public void send(Octets payload) {
        send(payload::writeTo);
    }

    /** Sends one packet without flushing it, because another one follows at once. */
    public void sendLater(Consumer<ByteBuf> payload) {
        channel.write(packet(payload), channel.voidPromise());
    }

    /**
     * Sends one packet and ends the connection: nothing more is written, and it is closed when the
     * other side closed it, or a moment later. Closed at once, it would be reset when something
     * unread is there, and a reset overtakes what was written.
     */
    public void sendLast(Consumer<ByteBuf> payload) {
        channel.writeAndFlush(packet(payload)).addListener(_ -> hangUp());
    }

    private void hangUp() {
        if (!(channel instanceof DuplexChannel duplex) || !channel.isActive()) {
            channel.close();
            return;
        }
        channel.config().setAutoRead(true);
        Future<?> deadline =
                channel.eventLoop()
                        .schedule(() -> channel.close(), HANG_UP.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> deadline.cancel(false));
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> duplex.shutdownOutput());
        }
    }

    /** Begins a new exchange: the next packet of either side has number 0. */
    public void restart() {
        sequence.reset();
    }

    private ByteBuf packet(Consumer<ByteBuf> payload) {
        ByteBuf packet = channel.alloc().ioBuffer(INITIAL_BUFFER);
        try {
            PacketWriter.write(packet, sequence.take(), payload);
            return packet;
        } catch (RuntimeException e) {
            packet.release();
            throw e;
        }
    }
}
