package io.moha.proxy;

import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.ConnectionCounts;
import io.netty.channel.EventLoop;

/** Counts the connections that another connector opens, for least-connections routing. */
final class CountedConnector implements BackendConnector {

    private final BackendConnector connector;
    private final ConnectionCounts counts;

    CountedConnector(BackendConnector connector, ConnectionCounts counts) {
        this.connector = connector;
        this.counts = counts;
    }

    @Override
    public Attempt connect(
            EventLoop loop,
            Backend target,
            BackendLoginRequest request,
            BackendLoginListener listener) {
        return connector.connect(loop, target, request, new Counting(target.node(), listener));
    }

    private final class Counting implements BackendLoginListener {

        private final String node;
        private final BackendLoginListener listener;

        private Counting(String node, BackendLoginListener listener) {
            this.node = node;
            this.listener = listener;
        }

        @Override
        public void onReady(BackendConnection connection) {
            counts.opened(node);
            connection.channel().closeFuture().addListener(_ -> counts.closed(node));
            listener.onReady(connection);
        }

        @Override
        public void onRefused(ErrPacket error) {
            listener.onRefused(error);
        }

        @Override
        public void onUnreachable(Throwable cause) {
            listener.onUnreachable(cause);
        }
    }
}
