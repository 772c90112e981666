package io.moha.bench.proc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** TCP ports of the loopback address. */
public final class Ports {

    private static final int CONNECT_BOUND_MS = 1000;

    private Ports() {}

    /** Whether something accepts connections on {@code port} now. */
    public static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECT_BOUND_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
