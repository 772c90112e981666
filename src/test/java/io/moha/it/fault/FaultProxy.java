package io.moha.it.fault;

import io.moha.it.fault.Links.Way;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * The network in front of one server: passes each connection on as {@link Links} permits, and knows
 * whose it is. A cut link holds back bytes, ends and resets alike, so that nobody learns of the
 * other side's death across it.
 */
final class FaultProxy implements AutoCloseable {

    private static final int PIECE = 65_536;

    private final String target;
    private final int realPort;
    private final Links links;
    private final IntFunction<String> owner;
    private final ServerSocket listener;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /**
     * One that listens on {@code port} for the server of {@code target} at {@code realPort}.
     *
     * @param owner which party connects from a port
     */
    FaultProxy(String target, int port, int realPort, Links links, IntFunction<String> owner)
            throws IOException {
        this.target = target;
        this.realPort = realPort;
        this.links = links;
        this.owner = owner;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        links.attach(this);
        Thread.ofPlatform().name("fault-proxy-" + port).daemon(true).start(this::accept);
    }

    private record Connection(String from, Socket client, Socket server) {}

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        String from = owner.apply(client.getPort());
        Way there = new Way(from, target);
        try {
            // Setting up takes a packet in each direction.
            if (!links.pass(there) || !links.pass(there.back())) {
                reset(client);
                return;
            }
            Socket server = new Socket();
            Connection connection = new Connection(from, client, server);
            connections.add(connection);
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), realPort));
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread back = Thread.ofVirtual().start(() -> pump(server, client, there.back()));
                pump(client, server, there);
                back.join();
            } catch (IOException refused) {
                reset(client);
            } finally {
                connections.remove(connection);
                close(client);
                close(server);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket source, Socket sink, Way way) {
        byte[] piece = new byte[PIECE];
        try {
            boolean orderly = true;
            try {
                InputStream in = source.getInputStream();
                int length = in.read(piece);
                while (length >= 0) {
                    if (!links.pass(way)) {
                        break;
                    }
                    sink.getOutputStream().write(piece, 0, length);
                    length = in.read(piece);
                }
            } catch (IOException e) {
                orderly = false;
            }
            links.pass(way);
            end(sink, orderly);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Socket sink, boolean orderly) {
        try {
            if (orderly) {
                sink.shutdownOutput();
            } else {
                reset(sink);
            }
        } catch (IOException alreadyClosed) {
            close(sink);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            return;
        } finally {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Resets all connections between {@code one} and {@code other} that go through here. */
    void reset(String one, String other) {
        for (Connection connection : connections) {
            boolean meant =
                    (target.equals(one) && connection.from().equals(other))
                            || (target.equals(other) && connection.from().equals(one));
            if (meant) {
                reset(connection.client());
                reset(connection.server());
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        connections.forEach(
                connection -> {
                    close(connection.client());
                    close(connection.server());
                });
    }
}
