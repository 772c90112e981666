package io.moha.agent.config;

import io.moha.protocol.config.Section;

/**
 * The {@code node:} section.
 *
 * @param id of the node, unique in the cluster
 * @param zone where it stands; empty when it does not matter
 * @param priority preference for promotion, larger first
 * @param neverPromote whether it must never become primary
 */
public record NodeConfig(String id, String zone, int priority, boolean neverPromote) {

    private static final int DEFAULT_PRIORITY = 100;
    private static final int MAX_PRIORITY = 1_000_000;

    static NodeConfig bind(Section section) {
        return new NodeConfig(
                AgentConfig.name(section, "id"),
                section.string("zone", ""),
                section.integer("priority", DEFAULT_PRIORITY, 0, MAX_PRIORITY),
                section.bool("neverPromote", false));
    }
}
