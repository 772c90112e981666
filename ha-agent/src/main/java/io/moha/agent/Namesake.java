package io.moha.agent;

import io.moha.agent.decide.Observation;
import io.moha.protocol.cluster.MemberRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether another agent runs under this node's id, as on a copied machine. A record that an earlier
 * life of this agent left is overwritten once and stays so; another agent writes its own again. The
 * one that came later stands back. Immutable.
 *
 * @param earlier which life's record was there when this agent first looked; null when none was
 * @param looked whether this agent has looked
 * @param registered whether its own record was there since
 * @param returns how often the earlier one came back after that: a write of a life that is over may
 *     happen late, and puts its record there once, but nobody writes it again
 */
record Namesake(@Nullable String earlier, boolean looked, boolean registered, int returns) {

    /** More writes than one life can have left on their way. */
    private static final int PROOF = 3;

    static Namesake unknown() {
        return new Namesake(null, false, false, 0);
    }

    /** What is known after another look at the store. */
    Namesake next(Observation seen) {
        if (seen.snapshot() == null || !seen.storeAnswers()) {
            return this;
        }
        MemberRecord there = seen.snapshot().members().get(seen.self().id());
        String life = there == null ? null : there.incarnation();
        boolean own = seen.self().incarnation().equals(life);
        if (!looked) {
            return new Namesake(own ? null : life, true, own, 0);
        }
        // Once for each time that it took the place of this agent's own record.
        boolean back = registered && life != null && life.equals(earlier);
        return own == registered && !back
                ? this
                : new Namesake(earlier, true, own, back ? returns + 1 : returns);
    }

    /** Whether another agent lives under this node's name. */
    boolean exists() {
        return returns >= PROOF;
    }

    /** Whether the store has another record than this agent's, or none. */
    static boolean isMissing(Observation seen) {
        if (seen.snapshot() == null || !seen.storeAnswers()) {
            return false;
        }
        MemberRecord there = seen.snapshot().members().get(seen.self().id());
        return there == null || !there.incarnation().equals(seen.self().incarnation());
    }
}
