package io.moha.protocol.cluster;

import java.util.Map;

/**
 * One proxy, under its etcd lease.
 *
 * @param version of this record's shape, 1
 * @param id of the proxy
 * @param listeners host:port by listener name (rw, ro, split)
 * @param admin host:port of its admin SQL port
 * @param http host:port of its HTTP
 * @param build version of the running program
 */
public record ProxyRecord(
        int version,
        String id,
        Map<String, String> listeners,
        String admin,
        String http,
        String build) {

    /** Copies the map. */
    public ProxyRecord {
        listeners = Map.copyOf(listeners);
    }
}
