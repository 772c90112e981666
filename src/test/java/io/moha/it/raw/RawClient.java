package io.moha.it.raw;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * A logged-in client that sends any command and returns its response packet by packet. Not
 * thread-safe.
 */
public final class RawClient implements AutoCloseable {

    private static final int MORE_RESULTS = 0x0008;
    private static final int CURSOR_EXISTS = 0x0040;
    private static final int OUT_PARAMETERS = 0x1000;

    private final Wire wire;
    private final int caps;
    private final Packet greeting;
    private final Packet loginAnswer;
    private byte[] localFile = new byte[0];

    /**
     * Connects and logs in.
     *
     * @throws LoginRefused when the server says no
     */
    public RawClient(InetSocketAddress address, RawLogin login) throws IOException {
        this(new Wire(address), login);
    }

    /** Logs in on a fresh connection, which it owns from here on. */
    public RawClient(Wire wire, RawLogin login) throws IOException {
        this.wire = wire;
        caps = login.caps();
        greeting = wire.read();
        loginAnswer = greeting.isError() ? greeting : login.run(wire, greeting);
        if (loginAnswer.isError()) {
            wire.close();
            throw new LoginRefused(loginAnswer);
        }
    }

    /** The server's first packet. */
    public Packet greeting() {
        return greeting;
    }

    /** The OK that ended the login. */
    public Packet loginAnswer() {
        return loginAnswer;
    }

    /** The connection, for a test that needs bytes. */
    public Wire wire() {
        return wire;
    }

    /** What to send when the server asks for a local file. */
    public void offerLocalFile(byte[] content) {
        localFile = content;
    }

    /** Sends one command and reads its whole response. */
    public List<Packet> command(byte[] payload, Expect expect) throws IOException {
        send(payload);
        return read(expect);
    }

    /** Runs one COM_QUERY. */
    public List<Packet> query(String sql) throws IOException {
        return command(Commands.query(sql, caps), Expect.RESULTS);
    }

    /** Sends a command without waiting for its response. */
    public void send(byte[] payload) throws IOException {
        wire.send(0, payload);
    }

    /** Reads one response. */
    public List<Packet> read(Expect expect) throws IOException {
        List<Packet> packets = new ArrayList<>();
        switch (expect) {
            case NOTHING -> {}
            case ONE -> next(packets);
            case RESULTS -> readResults(packets);
            case COLUMNS, ROWS -> readToEnd(packets);
            case PREPARED -> readPrepared(packets);
        }
        return packets;
    }

    private void readResults(List<Packet> packets) throws IOException {
        boolean more = true;
        while (more) {
            Packet first = next(packets);
            if (first.isError()) {
                return;
            }
            if (first.first() == 0xFB) {
                sendLocalFile(first);
            } else if (first.isOk()) {
                more = Caps.has(first.status(caps), MORE_RESULTS);
            } else {
                more = readResultSet(first, packets);
            }
        }
    }

    private void sendLocalFile(Packet request) throws IOException {
        int sequence = request.sequence() + 1;
        if (localFile.length > 0) {
            wire.send(sequence++, localFile);
        }
        wire.send(sequence, new byte[0]);
    }

    private boolean readResultSet(Packet first, List<Packet> packets) throws IOException {
        boolean metadata =
                !Caps.has(caps, Caps.OPTIONAL_METADATA)
                        || first.payload()[first.lenencSize(0)] == 1;
        int outParameters = 0;
        Packet last = first;
        for (int i = 0; metadata && i < first.lenenc(0); i++) {
            last = next(packets);
        }
        if (!Caps.has(caps, Caps.DEPRECATE_EOF) && metadata) {
            last = next(packets);
            if (Caps.has(last.status(caps), CURSOR_EXISTS)) {
                return false;
            }
            // The end of such a result does not say that another follows; its beginning does.
            outParameters = last.status(caps) & OUT_PARAMETERS;
        }
        do {
            last = next(packets);
        } while (!last.isError() && !last.isEnd(caps));
        return !last.isError() && (outParameters != 0 || Caps.has(last.status(caps), MORE_RESULTS));
    }

    private void readPrepared(List<Packet> packets) throws IOException {
        Packet first = next(packets);
        if (first.isError()) {
            return;
        }
        boolean metadata = !Caps.has(caps, Caps.OPTIONAL_METADATA) || first.payload()[12] == 1;
        int[] counts = {first.int2(7), first.int2(5)};
        for (int count : counts) {
            for (int i = 0; metadata && i < count; i++) {
                next(packets);
            }
            if (metadata && count > 0 && !Caps.has(caps, Caps.DEPRECATE_EOF)) {
                next(packets);
            }
        }
    }

    private void readToEnd(List<Packet> packets) throws IOException {
        Packet packet;
        do {
            packet = next(packets);
        } while (!packet.isError() && !packet.isEnd(caps));
    }

    private Packet next(List<Packet> packets) throws IOException {
        try {
            Packet packet = wire.read();
            packets.add(packet);
            return packet;
        } catch (IOException e) {
            throw new IOException("after " + packets, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            send(new byte[] {1});
        } catch (SocketException alreadyClosed) {
            // The other side was faster; there is nobody left to say goodbye to.
            wire.close();
        } finally {
            wire.close();
        }
    }
}
