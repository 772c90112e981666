package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Picks the new primary from the votes of frozen members.
 *
 * <p>In SYNC mode every acknowledged commit is in the relay logs of k of the N ackers. Hearing
 * N−k+1 of them, none with a purged relay log, therefore hears of every acknowledged commit; and as
 * they are frozen, the old primary can collect no further k acknowledgements. The winner must have
 * the union of what was heard. The primary that served last has every acknowledged commit as well,
 * whatever the ackers say: when it votes, it may win alone. It is no acker, so its vote never
 * counts towards the quorum.
 *
 * <p>Whatever was acknowledged before the last primary began is in the floor, for it was elected by
 * it. What an earlier one wrote and the floor lacks, nobody acknowledged: it obliges nobody, though
 * some node may still have it.
 */
public final class ElectionRules {

    private static final Comparator<Voter> PREFERENCE =
            Comparator.comparingInt(Voter::priority)
                    .reversed()
                    .thenComparingLong(Voter::backlog)
                    .thenComparing(Voter::id);

    private final Ballot ballot;
    private final Set<String> penalised;
    private final SyncRecord sync;
    private final List<Voter> voters;
    private final Optional<Voter> last;

    private ElectionRules(Ballot ballot, Set<String> penalised) {
        this.ballot = ballot;
        this.penalised = penalised;
        this.sync = ballot.sync();
        this.voters = ballot.voters();
        this.last =
                voters.stream().filter(voter -> voter.id().equals(ballot.lastPrimary())).findAny();
    }

    /** What {@code ballot} comes to. */
    public static Tally tally(Ballot ballot) {
        return tally(ballot, Set.of());
    }

    /**
     * What {@code ballot} comes to.
     *
     * @param penalised who failed lately, and is chosen only if nobody else is as good
     */
    public static Tally tally(Ballot ballot, Set<String> penalised) {
        ElectionRules rules = new ElectionRules(ballot, penalised);
        if (ballot.lastPrimary() == null) {
            return rules.first();
        }
        return switch (ballot.sync().mode()) {
            case SPM -> rules.single();
            case SYNC -> rules.sync();
            case ASYNC -> rules.async();
        };
    }

    /**
     * What an operator's order to choose comes to: {@code to}, or else who has most, becomes
     * primary, and what others are known to have is lost.
     *
     * @param to the wanted primary; null leaves the choice
     */
    public static Tally forced(Ballot ballot, @Nullable String to) {
        if (!ballot.silent().isEmpty() && !ballot.patienceOver()) {
            return new Tally.Waiting("a moment for " + ballot.silent());
        }
        ElectionRules rules = new ElectionRules(ballot, Set.of());
        GtidSet known = rules.union(ballot.voters()).union(ballot.floor());
        return ballot.voters().stream()
                .filter(voter -> to == null ? !voter.neverPromote() : voter.id().equals(to))
                .max(
                        Comparator.<Voter>comparingLong(voter -> voter.received().count())
                                .thenComparing(PREFERENCE.reversed()))
                .<Tally>map(
                        best ->
                                new Tally.Winner(
                                        best.id(),
                                        best.received(),
                                        known.subtract(best.received()),
                                        Tally.FORCED))
                .orElseGet(
                        () ->
                                new Tally.Waiting(
                                        "ordered to choose, but nobody that may be chosen voted"));
    }

    /** How many ackers must be heard to know of every acknowledged commit. */
    static int quorum(SyncRecord sync) {
        // With fewer ackers than acknowledgements needed nothing can have been acknowledged since
        // the record was written; what was before is in the floor.
        return Math.max(0, sync.ackers().size() - sync.acks() + 1);
    }

    private Tally first() {
        List<String> missing =
                sync.members().stream().filter(id -> !hasVoted(id)).sorted().toList();
        if (!missing.isEmpty()) {
            return new Tally.Waiting("the first primary needs every member; missing: " + missing);
        }
        return choose(union(voters), "first primary");
    }

    private Tally single() {
        String only = String.valueOf(ballot.lastPrimary());
        if (last.isEmpty()) {
            return new Tally.Waiting(
                    "the cluster runs on a single primary, and only %s may resume".formatted(only));
        }
        return last(union(List.of()), "the single primary resumes");
    }

    private Tally sync() {
        List<Voter> ackers =
                voters.stream().filter(voter -> sync.ackers().contains(voter.id())).toList();
        long intact = ackers.stream().filter(Voter::intact).count();
        int needed = quorum(sync);
        boolean complete = sync.members().stream().allMatch(this::hasVoted);
        if (intact < needed && !complete) {
            if (last.isPresent()) {
                return last(union(withoutLast()), "the last primary has every acknowledged commit");
            }
            return new Tally.Waiting(
                    "%d of the ackers %s must report with an intact relay log; heard: %s"
                            .formatted(needed, sync.ackers(), describe(ackers)));
        }
        if (!ballot.silent().isEmpty() && !ballot.patienceOver()) {
            return new Tally.Waiting("a moment for " + ballot.silent());
        }
        // What only the last primary has, no acker acknowledged: it obliges nobody.
        List<Voter> heard = complete && intact < needed ? voters : withoutLast();
        GtidSet heardOf = union(heard);
        // One that fails again and again is chosen like any other, and is the last choice.
        if (last.isPresent()
                && !penalised.contains(last.get().id())
                && last.get().received().contains(heardOf.union(ballot.floor()))) {
            Tally resumed = last(heardOf, "the last primary is back with everything");
            if (resumed instanceof Tally.Winner) {
                return resumed;
            }
        }
        return choose(heardOf, "failover");
    }

    private Tally async() {
        if (voters.isEmpty()) {
            return new Tally.Waiting("nobody has reported");
        }
        if (!ballot.silent().isEmpty() && !ballot.patienceOver()) {
            return new Tally.Waiting("a moment for " + ballot.silent());
        }
        GtidSet heardOf = union(voters);
        Tally strict = choose(heardOf, "failover");
        if (strict instanceof Tally.Winner || !ballot.lossAllowed()) {
            return strict;
        }
        return voters.stream()
                .filter(voter -> !voter.neverPromote() && !voter.broken())
                .max(
                        Comparator.<Voter>comparingLong(voter -> voter.received().count())
                                .thenComparing(PREFERENCE.reversed()))
                .<Tally>map(
                        best ->
                                new Tally.Winner(
                                        best.id(),
                                        best.received(),
                                        ballot.floor().union(heardOf).subtract(best.received()),
                                        "the most complete one; loss is allowed"))
                .orElse(strict);
    }

    private Tally last(GtidSet heardOf, String why) {
        Voter node = last.orElseThrow();
        GtidSet needed = heardOf.union(ballot.floor());
        if (!node.received().contains(needed)) {
            return new Tally.Halted(
                    "%s, which served last, lacks %s"
                            .formatted(node.id(), needed.subtract(node.received())));
        }
        if (node.neverPromote()) {
            return new Tally.Halted(node.id() + " must never be promoted");
        }
        // What only this node has, nobody acknowledged: no other one shall ever need it.
        return new Tally.Winner(node.id(), needed, GtidSet.empty(), why);
    }

    private Tally choose(GtidSet heardOf, String why) {
        GtidSet needed = heardOf.union(ballot.floor());
        List<Voter> complete =
                voters.stream().filter(voter -> voter.received().contains(needed)).toList();
        Optional<Voter> best =
                complete.stream()
                        .filter(this::isEligible)
                        .min(
                                Comparator.<Voter, Boolean>comparing(
                                                v -> penalised.contains(v.id()))
                                        .thenComparing(v -> !phantoms(v).isEmpty())
                                        .thenComparing(PREFERENCE));
        if (best.isPresent()) {
            String reason =
                    "%s: %s has all of %s"
                            .formatted(why, best.get().id(), needed.isEmpty() ? "nothing" : needed);
            return new Tally.Winner(best.get().id(), needed, GtidSet.empty(), reason);
        }
        if (!complete.isEmpty()) {
            return new Tally.Halted(
                    "only %s have everything, and none of them may be promoted"
                            .formatted(complete.stream().map(Voter::id).toList()));
        }
        return new Tally.Halted(
                "nobody has everything; "
                        + voters.stream()
                                .map(v -> v.id() + " lacks " + needed.subtract(v.received()))
                                .collect(Collectors.joining("; ")));
    }

    private boolean isEligible(Voter voter) {
        return !voter.neverPromote() && !voter.broken() && errant(voter).isEmpty();
    }

    /**
     * From whom {@code self} fetches what it lacks, when only nodes that must never be promoted
     * have everything and {@code self} is to become primary instead; empty when that is not so.
     * Only a node that has all of what {@code self} has is followed, so that no relay log can be
     * lost.
     */
    public static Optional<Voter> sourceFor(Ballot ballot, String self) {
        if (!(tally(ballot) instanceof Tally.Halted) || ballot.lastPrimary() == null) {
            return Optional.empty();
        }
        ElectionRules rules = new ElectionRules(ballot, Set.of());
        GtidSet needed = rules.union(rules.withoutLast()).union(ballot.floor());
        Optional<Voter> source =
                rules.voters.stream()
                        .filter(voter -> voter.received().contains(needed))
                        .filter(voter -> voter.neverPromote() && !voter.broken())
                        .filter(voter -> rules.errant(voter).isEmpty())
                        .min(Comparator.comparing(Voter::id));
        return source.filter(
                from ->
                        rules.voters.stream()
                                .filter(rules::isEligible)
                                .filter(voter -> from.received().contains(voter.received()))
                                .min(PREFERENCE)
                                .filter(best -> best.id().equals(self))
                                .isPresent());
    }

    private List<Voter> withoutLast() {
        return voters.stream().filter(voter -> !voter.id().equals(ballot.lastPrimary())).toList();
    }

    private boolean hasVoted(String id) {
        return voters.stream().anyMatch(voter -> voter.id().equals(id));
    }

    private GtidSet union(List<Voter> of) {
        GtidSet all = GtidSet.empty();
        for (Voter voter : of) {
            all = all.union(voter.received().subtract(errant(voter)).subtract(phantoms(voter)));
        }
        return all;
    }

    /** What {@code voter} has of earlier primaries and nobody acknowledged. */
    private GtidSet phantoms(Voter voter) {
        GtidSet beyond = voter.received().subtract(ballot.floor());
        GtidSet found = GtidSet.empty();
        for (String uuid : ballot.former()) {
            found = found.union(beyond.from(uuid));
        }
        return found;
    }

    /**
     * What somebody wrote on {@code voter} itself though it was no primary: it has the voter's own
     * server id, nobody else has it and no primary ever had.
     */
    private GtidSet errant(Voter voter) {
        if (voter.id().equals(ballot.lastPrimary()) || ballot.lastPrimary() == null) {
            return GtidSet.empty();
        }
        GtidSet own = voter.received().from(voter.serverUuid()).subtract(ballot.floor());
        for (Voter other : voters) {
            if (!other.id().equals(voter.id())) {
                own = own.subtract(other.received());
            }
        }
        return own;
    }

    private static String describe(List<Voter> heard) {
        return heard.stream()
                .map(voter -> voter.intact() ? voter.id() : voter.id() + " (not intact)")
                .toList()
                .toString();
    }
}
