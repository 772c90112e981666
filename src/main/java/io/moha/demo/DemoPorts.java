package io.moha.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of a demo, all on 127.0.0.1 and within {@link #SPAN} of the base, so that two demos run
 * side by side. Servers are numbered from 1. With the default base the first proxy has the ports
 * that MySQL Router made customary: 6446 for writing, 6447 for reading.
 *
 * @param base the lowest port
 */
public record DemoPorts(int base) {

    /** Gives the first proxy its customary ports. */
    public static final int DEFAULT_BASE = 6400;

    /** How many ports from the base on belong to a demo. */
    public static final int SPAN = 180;

    /** mysqld's port for clients. */
    public int mysql(int node) {
        return base + node;
    }

    /** mysqld's administrative port. */
    public int mysqlAdmin(int node) {
        return base + 10 + node;
    }

    /** The agent's HTTP. */
    public int agentHttp(int node) {
        return base + 20 + node;
    }

    /** The proxy's port for writing. */
    public int proxyWrite(int proxy) {
        return base + 36 + 10 * proxy;
    }

    /** The proxy's port for reading. */
    public int proxyRead(int proxy) {
        return base + 37 + 10 * proxy;
    }

    /** The proxy's port that splits reads from writes. */
    public int proxySplit(int proxy) {
        return base + 40 + 10 * proxy;
    }

    /** The proxy's admin SQL. */
    public int proxyAdmin(int proxy) {
        return base + 138 + 2 * proxy;
    }

    /** The proxy's HTTP. */
    public int proxyHttp(int proxy) {
        return base + 139 + 2 * proxy;
    }

    /** etcd's port for clients. */
    public int etcdClient(int etcd) {
        return base + 158 + 2 * etcd;
    }

    /** etcd's port for its peers. */
    public int etcdPeer(int etcd) {
        return base + 159 + 2 * etcd;
    }

    /** Those ports of {@code options}' servers that somebody listens on already. */
    public List<Integer> taken(DemoOptions options) {
        List<Integer> wanted = new ArrayList<>();
        for (int node = 1; node <= options.nodes(); node++) {
            wanted.addAll(List.of(mysql(node), mysqlAdmin(node), agentHttp(node)));
        }
        for (int proxy = 1; proxy <= options.proxies(); proxy++) {
            wanted.addAll(
                    List.of(
                            proxyWrite(proxy),
                            proxyRead(proxy),
                            proxySplit(proxy),
                            proxyAdmin(proxy),
                            proxyHttp(proxy)));
        }
        for (int etcd = 1; etcd <= options.etcds(); etcd++) {
            wanted.addAll(List.of(etcdClient(etcd), etcdPeer(etcd)));
        }
        return wanted.stream().filter(port -> !isFree(port)).toList();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections that were closed just now do not make a port taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
