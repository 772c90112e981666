package io.moha.protocol.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node, under its agent's etcd lease: for discovery, without authority.
 *
 * @param version of this record's shape, 1
 * @param id of the node
 * @param serverUuid of its mysqld; empty until it was first seen
 * @param address host:port at which clients and replicas reach its mysqld
 * @param http host:port of its agent's HTTP
 * @param zone where it stands; empty when not configured
 * @param priority preference for promotion, larger first
 * @param neverPromote whether it must never become primary
 * @param protocolVersion of the agent's rules, 1
 * @param incarnation which life of the agent wrote this
 * @param report what the node last said about its mysqld
 * @param formerUuids under which its mysqld wrote before the node became a copy of another; null
 *     when it never did
 * @param remembered what it knows of the cluster while the store has forgotten it; null while the
 *     store has not
 */
public record MemberRecord(
        int version,
        String id,
        String serverUuid,
        String address,
        String http,
        String zone,
        int priority,
        boolean neverPromote,
        int protocolVersion,
        String incarnation,
        MemberReport report,
        @Nullable List<String> formerUuids,
        @Nullable Remembered remembered) {

    /**
     * What a node knows by heart of a cluster that the store has forgotten.
     *
     * @param clusterUuid of the cluster
     * @param epoch highest leadership period that it knows
     * @param ttlMs how long a primary that it knows may act without a renewal, in milliseconds
     * @param members the cluster's nodes, as the store last had them
     * @param acks how many replicas must have a commit before the client is told; 0 when not known
     */
    public record Remembered(
            String clusterUuid, long epoch, long ttlMs, List<String> members, int acks) {

        /** Copies the list. */
        public Remembered {
            members = List.copyOf(members);
        }
    }

    /** Copies the list. */
    public MemberRecord {
        formerUuids = formerUuids == null ? null : List.copyOf(formerUuids);
    }

    /** A node that never became a copy. */
    public MemberRecord(
            int version,
            String id,
            String serverUuid,
            String address,
            String http,
            String zone,
            int priority,
            boolean neverPromote,
            int protocolVersion,
            String incarnation,
            MemberReport report) {
        this(
                version,
                id,
                serverUuid,
                address,
                http,
                zone,
                priority,
                neverPromote,
                protocolVersion,
                incarnation,
                report,
                null,
                null);
    }

    /** Whether its mysqld writes, or wrote, under {@code uuid}. */
    public boolean hasBeen(String uuid) {
        return serverUuid.equals(uuid) || (formerUuids != null && formerUuids.contains(uuid));
    }

    /** This, of a node whose mysqld wrote under {@code uuids} before; empty is none. */
    public MemberRecord formerly(List<String> uuids) {
        return with(uuids.isEmpty() ? null : uuids, remembered);
    }

    /** This, of a node that knows {@code more} than the store; null when it does not. */
    public MemberRecord remembering(@Nullable Remembered more) {
        return with(formerUuids, more);
    }

    private MemberRecord with(@Nullable List<String> former, @Nullable Remembered more) {
        return new MemberRecord(
                version,
                id,
                serverUuid,
                address,
                http,
                zone,
                priority,
                neverPromote,
                protocolVersion,
                incarnation,
                report,
                former,
                more);
    }
}
