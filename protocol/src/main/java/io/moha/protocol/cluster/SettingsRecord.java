package io.moha.protocol.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators set for good; overrides the agents' configuration files.
 *
 * @param version of this record's shape, 1
 * @param nodes by node id
 */
public record SettingsRecord(int version, Map<String, NodeSettings> nodes) {

    /** Copies the map. */
    public SettingsRecord {
        nodes = Map.copyOf(nodes);
    }

    /**
     * Overrides for one node; null leaves the configured value.
     *
     * @param priority preference for promotion, larger first
     * @param neverPromote whether the node must never become primary
     */
    public record NodeSettings(@Nullable Integer priority, @Nullable Boolean neverPromote) {}
}
