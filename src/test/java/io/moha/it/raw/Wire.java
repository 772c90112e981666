package io.moha.it.raw;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A plain socket that carries MySQL packets, and whatever else a test wants to send. */
public final class Wire implements AutoCloseable {

    private static final int MAX_FRAME = 0xFFFFFF;
    private static final Duration READ_BOUND = Duration.ofSeconds(30);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** Connects to {@code address}. */
    public Wire(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /** Connects with a receive buffer of {@code receiveBuffer} bytes; 0 leaves the default. */
    public Wire(InetSocketAddress address, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) READ_BOUND.toMillis());
        socket.connect(address, (int) READ_BOUND.toMillis());
        in = new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /** Sends bytes as they are. */
    public void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends one logical packet whose first frame has number {@code sequence}. */
    public void send(int sequence, byte[] payload) throws IOException {
        sendRaw(frames(sequence, payload));
    }

    /** The frames of one logical packet. */
    public static byte[] frames(int sequence, byte[] payload) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream(payload.length + 8);
        int number = sequence;
        int offset = 0;
        int length;
        do {
            length = Math.min(MAX_FRAME, payload.length - offset);
            frames.write(length);
            frames.write(length >> 8);
            frames.write(length >> 16);
            frames.write(number++);
            frames.write(payload, offset, length);
            offset += length;
        } while (length == MAX_FRAME);
        return frames.toByteArray();
    }

    /**
     * The next logical packet.
     *
     * @throws EOFException when the peer closed instead
     */
    public Packet read() throws IOException {
        byte[] header = exactly(4);
        int length = length(header);
        byte[] payload = exactly(length);
        if (length < MAX_FRAME) {
            return new Packet(header[3] & 0xFF, payload);
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream(2 * MAX_FRAME);
        joined.writeBytes(payload);
        while (length == MAX_FRAME) {
            header = exactly(4);
            length = length(header);
            joined.writeBytes(exactly(length));
        }
        return new Packet(header[3] & 0xFF, joined.toByteArray());
    }

    /** Whether the peer closes, after at most {@code bytes} more bytes, within the read bound. */
    public boolean closedAfter(int bytes) throws IOException {
        try {
            return in.readNBytes(bytes + 1).length <= bytes;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /** Up to {@code bytes} bytes, fewer only when the peer closed. */
    public byte[] readRaw(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    /** Says that nothing more will be sent, and stays open for reading. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes at once with a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static int length(byte[] header) {
        return (header[0] & 0xFF) | ((header[1] & 0xFF) << 8) | ((header[2] & 0xFF) << 16);
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
