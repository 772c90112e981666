package io.moha.protocol.cluster;

/**
 * An operator's order to bring one node back. Whoever wants that writes REQUESTED, comparing the
 * key's revision; the node's own agent answers.
 *
 * @param version of this record's shape, 1
 * @param id unique for each order
 * @param copy whether the node's data are replaced by a copy in any case
 * @param requestedBy who asked, for people
 * @param requestedAtMs wall time of the order, milliseconds since 1970
 * @param phase how far it is
 * @param reason what is done or why it is refused, for people
 */
public record RejoinRecord(
        int version,
        String id,
        boolean copy,
        String requestedBy,
        long requestedAtMs,
        Phase phase,
        String reason) {

    /** How far an order is. */
    public enum Phase {
        /** Asked for. */
        REQUESTED,
        /** The data are being replaced. */
        COPYING,
        /** The data were replaced; the server starts and follows. */
        COPIED,
        /** The node follows the primary. */
        DONE,
        /** It could not be done. */
        REFUSED;

        /** Whether nothing more will happen. */
        public boolean isFinal() {
            return this == DONE || this == REFUSED;
        }
    }

    /** The same order in {@code next}. */
    public RejoinRecord in(Phase next, String why) {
        return new RejoinRecord(version, id, copy, requestedBy, requestedAtMs, next, why);
    }
}
