package io.moha.protocol.cluster;

/**
 * Who leads the cluster. Written only by transactions that compare the key's revision. A candidate
 * never acts because this key is missing, only on {@link #releasedFenced} or after it watched
 * {@link #seq} stand still for the whole {@link #ttlMs} on its own clock.
 *
 * @param version of this record's shape, 1
 * @param epoch number of the leadership period, from 1, strictly increasing
 * @param holder id of the node that leads or elects
 * @param incarnation which life of the holder's agent wrote this
 * @param ttlMs how long the holder may act without a renewal, in milliseconds
 * @param seq counts renewals within the epoch
 * @param state how far the holder is
 * @param releasedFenced with RELEASED: the holder's mysqld is confirmed dead, or read-only and
 *     without clients, so nobody needs to wait for the ttl
 * @param floor GTID set that a new primary must contain; the holder's executed set at a recent
 *     renewal
 * @param address host:port at which clients and replicas reach the holder's mysqld
 * @param serverUuid of the holder's mysqld
 * @param reason why the record last changed its state, for people
 */
public record LeaderRecord(
        int version,
        long epoch,
        String holder,
        String incarnation,
        long ttlMs,
        long seq,
        LeaderState state,
        boolean releasedFenced,
        String floor,
        String address,
        String serverUuid,
        String reason) {

    /** The same leadership with the next sequence number and a new floor. */
    public LeaderRecord renewed(String newFloor) {
        return new LeaderRecord(
                version,
                epoch,
                holder,
                incarnation,
                ttlMs,
                seq + 1,
                state,
                releasedFenced,
                newFloor,
                address,
                serverUuid,
                reason);
    }

    /** The same leadership in another state, with the next sequence number. */
    public LeaderRecord in(LeaderState newState, String why) {
        return new LeaderRecord(
                version,
                epoch,
                holder,
                incarnation,
                ttlMs,
                seq + 1,
                newState,
                false,
                floor,
                address,
                serverUuid,
                why);
    }

    /** The same, of a holder that may act for {@code millis} without a renewal. */
    public LeaderRecord lasting(long millis) {
        return millis == ttlMs
                ? this
                : new LeaderRecord(
                        version,
                        epoch,
                        holder,
                        incarnation,
                        millis,
                        seq,
                        state,
                        releasedFenced,
                        floor,
                        address,
                        serverUuid,
                        reason);
    }

    /** The leadership given up; {@code fenced} only when the holder's mysqld can write no more. */
    public LeaderRecord released(boolean fenced, String newFloor, String why) {
        return new LeaderRecord(
                version,
                epoch,
                holder,
                incarnation,
                ttlMs,
                seq + 1,
                LeaderState.RELEASED,
                fenced,
                newFloor,
                address,
                serverUuid,
                why);
    }
}
