package io.moha.proxy.config;

import io.moha.protocol.config.EtcdConfig;
import io.moha.protocol.config.HostPort;
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
}
