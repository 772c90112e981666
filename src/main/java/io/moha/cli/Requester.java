package io.moha.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who runs this command, as records name it: user@host. */
final class Requester {

    private Requester() {}

    static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return System.getProperty("user.name", "unknown") + "@" + host;
    }
}
