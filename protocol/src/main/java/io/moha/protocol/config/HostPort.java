package io.moha.protocol.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a TCP port, as written in configuration and in etcd records: {@code db1:3306}, {@code
 * 10.0.0.1:3306}, {@code [::1]:3306}.
 *
 * @param host name or address, an IPv6 address without its brackets
 * @param port 0 to 65535; 0 lets the operating system choose, for listeners
 */
public record HostPort(String host, int port) {

    private static final Pattern FORM =
            Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):(\\d{1,5})");
    private static final int MAX_PORT = 65535;

    /** Refuses an empty host and a port out of range. */
    public HostPort {
        if (host.isBlank() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("not a host and port: '" + host + ":" + port + "'");
        }
    }

    /**
     * Reads {@code host:port}.
     *
     * @throws IllegalArgumentException when {@code text} is something else
     */
    public static HostPort parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected host:port, got '" + text + "'");
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        return new HostPort(host, Integer.parseInt(parts.group(3)));
    }

    /** The socket address with the name still unresolved, so that this never asks DNS. */
    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** The socket address; asks DNS when the host is a name, so it may block. */
    public InetSocketAddress resolved() {
        return new InetSocketAddress(host, port);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
