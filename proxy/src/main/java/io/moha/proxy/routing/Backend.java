package io.moha.proxy.routing;

import java.net.InetSocketAddress;

/**
 * One MySQL server as it was in one leadership period. Immutable; every server connection keeps the
 * one it was opened with, so that it can be told from the same server in a later period.
 *
 * @param node id of the node
 * @param address where its mysqld listens; unresolved when the name could not be resolved
 * @param epoch the leadership period of the picture this comes from
 * @param role what the server was in that period
 */
public record Backend(String node, InetSocketAddress address, long epoch, Role role) {

    /** What a server is to the sessions that use it. */
    public enum Role {
        /** Takes writes. */
        PRIMARY,
        /** Takes reads. */
        REPLICA
    }

    /** Whether {@code other} is the same server in the same role, in whatever period. */
    public boolean isSamePlace(Backend other) {
        return role == other.role && node.equals(other.node) && address.equals(other.address);
    }
}
