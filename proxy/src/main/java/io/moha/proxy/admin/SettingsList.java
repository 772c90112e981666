package io.moha.proxy.admin;

import io.moha.protocol.config.Quantity;
import io.moha.proxy.config.ListenerConfig;
import io.moha.proxy.config.ProxyConfig;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The proxy's settings as text, by their key in its configuration file; secrets left out. */
final class SettingsList {

    private SettingsList() {}

    static Map<String, String> of(ProxyConfig config) {
        TreeMap<String, String> list = new TreeMap<>();
        list.put("cluster", config.cluster());
        list.put("id", config.id());
        list.put("etcd.endpoints", config.etcd().endpoints().toString());
        list.put("etcd.prefix", config.etcd().prefix());
        for (ListenerConfig listener : config.listeners()) {
            list.put(
                    "listeners." + listener.name(),
                    listener.listen() + " " + word(listener.route()));
        }
        list.put("admin.listen", config.admin().listen().toString());
        list.put("http.listen", config.http().toString());
        list.put("tls.clients", word(config.tls().clients()));
        list.put("tls.servers", word(config.tls().servers()));
        list.put("hold.maxWait", Quantity.text(config.hold().maxWait()));
        list.put("hold.maxSessions", String.valueOf(config.hold().maxSessions()));
        list.put("hold.maxBytes", String.valueOf(config.hold().maxBytes()));
        list.put("drain.timeout", Quantity.text(config.drain().timeout()));
        list.put("drain.onDeadline", word(config.drain().onDeadline()));
        list.put("reads.maxLag", Quantity.text(config.reads().maxLag()));
        list.put("reads.causal", word(config.reads().causal()));
        list.put("reads.causalWait", Quantity.text(config.reads().causalWait()));
        list.put("reads.whenNoReplica", word(config.reads().whenNoReplica()));
        list.put("pool.mode", word(config.pool().mode()));
        list.put("pool.maxPerBackend", String.valueOf(config.pool().maxPerBackend()));
        list.put("limits.maxClients", String.valueOf(config.limits().maxClients()));
        list.put("limits.maxClientsPerUser", String.valueOf(config.limits().maxClientsPerUser()));
        list.put("limits.loginTimeout", Quantity.text(config.limits().loginTimeout()));
        list.put("limits.idleTimeout", Quantity.text(config.limits().idleTimeout()));
        list.put("threads", String.valueOf(config.threads()));
        return list;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
