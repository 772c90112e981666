package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;

/** What the votes of an election come to. */
public sealed interface Tally {

    /** What introduces, in the reason of a leader record, the GTIDs that its election gave up. */
    String LOST = "; lost: ";

    /** How the reason begins when an operator ordered to choose. */
    String FORCED = "an operator ordered a choice";

    /** Why, for people. */
    String reason();

    /** The GTID set that a leader record's {@code reason} says was given up; empty when none. */
    static String lostIn(String reason) {
        int at = reason.lastIndexOf(LOST);
        return at < 0 ? "" : reason.substring(at + LOST.length());
    }

    /** Nothing is decided yet; more votes are needed. */
    record Waiting(String reason) implements Tally {}

    /** The votes that there are forbid every choice; only other votes, or an operator, help. */
    record Halted(String reason) implements Tally {}

    /**
     * A winner.
     *
     * @param node that becomes primary
     * @param floor everything that it must have executed before it serves
     * @param lost what was acknowledged and is known to be lost; empty unless loss is allowed
     * @param reason why this one
     */
    record Winner(String node, GtidSet floor, GtidSet lost, String reason) implements Tally {

        /** The reason, with what was lost behind it. */
        public String fullReason() {
            return lost.isEmpty() ? reason : reason + LOST + lost;
        }
    }
}
