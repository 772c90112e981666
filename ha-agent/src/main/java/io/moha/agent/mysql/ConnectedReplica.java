package io.moha.agent.mysql;

/**
 * A replica that receives from this server right now.
 *
 * @param serverUuid of the replica
 * @param host it connects from
 * @param semiSync whether it asked to acknowledge what it receives
 */
public record ConnectedReplica(String serverUuid, String host, boolean semiSync) {}
