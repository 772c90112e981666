package io.moha.protocol.cluster;

/**
 * A proxy's word on a switchover in phase HOLDING; rewritten as its transactions end.
 *
 * @param version of this record's shape, 1
 * @param operation the switchover's id
 * @param holding whether the proxy holds new work
 * @param inTransaction how many of its sessions still have a transaction or a command running on
 *     the primary
 */
public record SwitchoverAck(int version, String operation, boolean holding, int inTransaction) {}
