package io.moha.proxy.config;

import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.EtcdConfig;
import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.protocol.config.Section;
import io.netty.util.NetUtil;
import java.util.List;

/**
 * Everything a proxy is told at its start.
 *
 * @param cluster which cluster it serves
 * @param id of this proxy, unique in the cluster
 * @param etcd where the cluster's state is
 * @param listeners MySQL ports, at least one
 * @param admin the admin SQL port
 * @param http where health, status and metrics are served
 * @param tls towards clients and servers
 * @param proxyProtocol networks (CIDR) from which a PROXY header is expected
 * @param hold waiting for a primary
 * @param drain ending transactions in time
 * @param reads from replicas
 * @param pool server connections
 * @param limits on clients
 * @param threads event loops; 0 for one a core
 */
public record ProxyConfig(
        String cluster,
        String id,
        EtcdConfig etcd,
        List<ListenerConfig> listeners,
        AdminConfig admin,
        HostPort http,
        TlsConfig tls,
        List<String> proxyProtocol,
        HoldConfig hold,
        DrainConfig drain,
        ReadsConfig reads,
        PoolConfig pool,
        LimitsConfig limits,
        int threads) {

    /** Copies the lists. */
    public ProxyConfig {
        listeners = List.copyOf(listeners);
        proxyProtocol = List.copyOf(proxyProtocol);
    }

    private static final HostPort DEFAULT_HTTP = new HostPort("0.0.0.0", 6033);
    private static final int MAX_THREADS = 1024;

    /**
     * Reads everything from {@code file} and ends its reading.
     *
     * @throws InvalidConfigException naming everything that is wrong, by line
     */
    public static ProxyConfig read(ConfigFile file) throws InvalidConfigException {
        Section root = file.root();
        ProxyConfig config =
                new ProxyConfig(
                        root.string("cluster"),
                        root.string("id"),
                        EtcdConfig.bind(root.section("etcd")),
                        ListenerConfig.bind(root),
                        AdminConfig.bind(root.section("admin")),
                        root.section("http").hostPort("listen", DEFAULT_HTTP),
                        TlsConfig.bind(root.section("tls")),
                        root.section("proxyProtocol").list("acceptFrom", ProxyConfig::network),
                        HoldConfig.bind(root.section("hold")),
                        DrainConfig.bind(root.section("drain")),
                        ReadsConfig.bind(root.section("reads")),
                        PoolConfig.bind(root.section("pool")),
                        LimitsConfig.bind(root.section("limits")),
                        root.integer("threads", 0, 0, MAX_THREADS));
        file.finish();
        return config;
    }

    private static String network(String text) {
        String[] parts = text.split("/", 2);
        boolean narrow = NetUtil.isValidIpV4Address(parts[0]);
        int most = narrow ? Integer.SIZE : 4 * Integer.SIZE;
        boolean address = narrow || NetUtil.isValidIpV6Address(parts[0]);
        boolean prefix =
                parts.length == 1
                        || (parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= most);
        if (!address || !prefix) {
            throw new IllegalArgumentException(
                    "expected a network like 10.0.0.0/8, got '" + text + "'");
        }
        return text;
    }
}
