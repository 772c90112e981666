package io.moha.protocol.cluster;

/**
 * A proxy's word on a switchover in phase HOLDING; rewritten when it holds, and when nothing runs
 * on the primary any more.
 *
 * @param version of this record's shape, 1
 * @param operation the switchover's id
 * @param holding whether the proxy holds new work
 * @param inTransaction how many of its sessions had a transaction or a command running on the
 *     primary when it was written; 0 when none has
 */
public record SwitchoverAck(int version, String operation, boolean holding, int inTransaction) {}
