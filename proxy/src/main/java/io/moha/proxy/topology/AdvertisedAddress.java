package io.moha.proxy.topology;

import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.config.HostPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Where a proxy that listens on every address of its host can be reached: at the address from which
 * this host speaks to etcd, which all others have to reach as well.
 */
final class AdvertisedAddress {

    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0", "*");
    private static final int DEFAULT_ETCD_PORT = 2379;

    private AdvertisedAddress() {}

    /** {@code record} with addresses that others can use. May ask DNS for etcd's, and block. */
    static ProxyRecord in(ProxyRecord record, List<URI> etcd) {
        UnaryOperator<String> reachable = address -> reachable(address, etcd);
        TreeMap<String, String> listeners = new TreeMap<>(record.listeners());
        listeners.replaceAll((_, address) -> reachable.apply(address));
        return new ProxyRecord(
                record.version(),
                record.id(),
                listeners,
                reachable.apply(record.admin()),
                reachable.apply(record.http()),
                record.build());
    }

    private static String reachable(String address, List<URI> etcd) {
        HostPort parsed;
        try {
            parsed = HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            return address;
        }
        if (!EVERYWHERE.contains(parsed.host())) {
            return address;
        }
        for (URI endpoint : etcd) {
            String own = ownAddressTowards(endpoint);
            if (!own.isEmpty()) {
                return new HostPort(own, parsed.port()).toString();
            }
        }
        return address;
    }

    /** Connecting a datagram socket sends nothing; it only asks for the route. */
    private static String ownAddressTowards(URI endpoint) {
        int port = endpoint.getPort() < 0 ? DEFAULT_ETCD_PORT : endpoint.getPort();
        InetSocketAddress target = new InetSocketAddress(endpoint.getHost(), port);
        if (target.isUnresolved()) {
            return "";
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(target);
            InetAddress own = socket.getLocalAddress();
            return own == null || own.isAnyLocalAddress() ? "" : own.getHostAddress();
        } catch (IOException e) {
            return "";
        }
    }
}
