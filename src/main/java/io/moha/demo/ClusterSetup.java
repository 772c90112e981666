package io.moha.demo;

import java.util.List;

/**
 * What the configuration files of one cluster have in common.
 *
 * @param name of the cluster
 * @param prefix of its keys in etcd
 * @param etcds its stores
 * @param accounts to log in with
 * @param ttl of the primary's lease, as the agent's configuration takes it
 */
public record ClusterSetup(
        String name, String prefix, List<EtcdNode> etcds, Accounts accounts, String ttl) {

    /** Copies the list. */
    public ClusterSetup {
        etcds = List.copyOf(etcds);
    }

    /** etcd's URLs as a YAML list's content. */
    public String endpoints() {
        return String.join(
                ", ", etcds.stream().map(etcd -> "\"http://" + etcd.client() + "\"").toList());
    }
}
