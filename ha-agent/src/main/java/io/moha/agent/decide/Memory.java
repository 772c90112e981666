package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers from one decision to the next: since when things are as they are.
 * Immutable; {@link #next} gives what is remembered after another look.
 *
 * @param promisedEpoch highest epoch for which this node froze its relay log; 0 when none
 * @param vacantSince since when nobody holds the lead; null while somebody does
 * @param electingSince since when this node has been the elector; null when it is not
 * @param servingSince since when this node has been serving; null when it does not
 * @param shortSince since when the primary lacks ackers; null when it does not
 * @param missingSince since when each acker has not been receiving, by id
 * @param strange what this node has and the primary lacks; null when the primary has everything
 * @param askedSince since when the present request for a switchover has been seen, or none; null
 *     before the first look at the store
 * @param trials who was appointed lately and did not come to serve
 * @param resigned how often this node asked to be replaced, in vain
 * @param unrest how many changes of primary followed close on each other
 * @param stuck since when commits have been waiting without any coming through; null when none do
 * @param full since when the disk has been full without any commit; null when it is not
 * @param starts when mysqld was started lately
 */
public record Memory(
        long promisedEpoch,
        @Nullable Moment vacantSince,
        @Nullable Moment electingSince,
        @Nullable Moment servingSince,
        @Nullable Moment shortSince,
        Map<String, Moment> missingSince,
        @Nullable Strange strange,
        @Nullable Asked askedSince,
        Trials trials,
        Resignations resigned,
        Unrest unrest,
        @Nullable Stuck stuck,
        @Nullable Full full,
        List<Moment> starts) {

    private static final Duration START_WINDOW = Duration.ofMinutes(10);
    private static final int CRASH_LOOP = 5;
    private static final Duration SHORT_LIVES = Duration.ofMinutes(3);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    /**
     * What the primary has lacked since one of its renewals.
     *
     * @param epoch of the primary
     * @param seq of that renewal
     * @param gtids that were lacking at every look since
     */
    public record Strange(long epoch, long seq, GtidSet gtids) {}

    /**
     * A request for a switchover.
     *
     * @param id of the request; empty when there is none
     * @param since when it has been seen
     * @param came whether it was not there at an earlier look: then it is as old as {@code since}
     */
    public record Asked(String id, Moment since, boolean came) {}

    /**
     * Commits that wait for acknowledgements although enough ackers are connected.
     *
     * @param executed what had been committed when they began to wait
     * @param since since when both is so
     * @param freed whether the ackers were made to connect anew for them
     */
    public record Stuck(String executed, Moment since, boolean freed) {}

    /**
     * A primary's disk without space.
     *
     * @param executed what had been committed when that began
     * @param since since when there is no space and nothing more was committed
     */
    public record Full(String executed, Moment since) {}

    /** Copies the collections. */
    public Memory {
        missingSince = Map.copyOf(missingSince);
        starts = List.copyOf(starts);
    }

    /** Nothing to remember yet. */
    public static Memory fresh() {
        return new Memory(
                0,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                Trials.none(),
                Resignations.none(),
                Unrest.unknown(),
                null,
                null,
                List.of());
    }

    /** After having frozen the relay log for {@code epoch}. */
    public Memory promised(long epoch) {
        return with(Math.max(epoch, promisedEpoch), stuck, starts);
    }

    /** After mysqld was started at {@code now}. */
    public Memory started(Moment now) {
        List<Moment> recent = new ArrayList<>();
        for (Moment start : starts) {
            if (now.since(start).compareTo(START_WINDOW) < 0) {
                recent.add(start);
            }
        }
        recent.add(now);
        return with(promisedEpoch, stuck, recent);
    }

    /**
     * Whether mysqld may be started again: the first two times at once, then after a wait that
     * doubles.
     */
    public boolean mayStart(Moment now) {
        long recent = recentStarts(now);
        if (recent < 2) {
            return true;
        }
        Duration wait = Duration.ofMillis(500L << Math.min(recent - 2, 10));
        Duration bounded = wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
        return now.since(starts.getLast()).compareTo(bounded) >= 0;
    }

    private long recentStarts(Moment now) {
        return starts.stream()
                .filter(start -> now.since(start).compareTo(START_WINDOW) < 0)
                .count();
    }

    /** Whether mysqld was started so often lately that something must be wrong with it. */
    public boolean isCrashLooping(Moment now) {
        if (recentStarts(now) < CRASH_LOOP) {
            return false;
        }
        List<Moment> last = starts.subList(starts.size() - CRASH_LOOP, starts.size());
        return last.getLast().since(last.getFirst()).compareTo(SHORT_LIVES) < 0;
    }

    /** Whether commits have been waiting for {@code time} without any coming through. */
    public boolean isStuckFor(Duration time, Moment now) {
        return stuck != null && now.since(stuck.since()).compareTo(time) >= 0;
    }

    /** Whether they have, and nothing was done about these commits yet. */
    boolean mayFree(Duration time, Moment now) {
        return isStuckFor(time, now) && stuck != null && !stuck.freed();
    }

    /** After the ackers were made to connect anew for the commits that wait. */
    public Memory freed() {
        return stuck == null
                ? this
                : with(promisedEpoch, new Stuck(stuck.executed(), stuck.since(), true), starts);
    }

    /** This, but for what is changed by something other than a look. */
    private Memory with(long promised, @Nullable Stuck waiting, List<Moment> started) {
        return new Memory(
                promised,
                vacantSince,
                electingSince,
                servingSince,
                shortSince,
                missingSince,
                strange,
                askedSince,
                trials,
                resigned,
                unrest,
                waiting,
                full,
                started);
    }

    private @Nullable Stuck stuck(Observation seen, boolean serving) {
        ServerFacts facts = seen.server().facts();
        if (!serving || facts == null || facts.semiSync().waitSessions() == 0) {
            return null;
        }
        if (stuck == null || !stuck.executed().equals(facts.executed())) {
            return new Stuck(facts.executed(), seen.now(), false);
        }
        if (seen.server().failure() != null) {
            // What was seen may be long over; a server that is slow has other troubles.
            return new Stuck(stuck.executed(), seen.now(), stuck.freed());
        }
        // Too few ackers are a matter of its own: time counts from when there are enough.
        return seen.shortOfAckers()
                ? new Stuck(stuck.executed(), seen.now(), stuck.freed())
                : stuck;
    }

    /** Whether for {@code time} there has been no space and nothing was committed. */
    boolean isFullFor(Duration time, Moment now) {
        return full != null && now.since(full.since()).compareTo(time) >= 0;
    }

    private @Nullable Full full(Observation seen, boolean leads) {
        ServerFacts facts = seen.server().facts();
        if (!leads || facts == null) {
            return null;
        }
        // Of a little space that comes back, mysqld hears only when it tries again, within a
        // minute. A failure that is an answer says that the server is busy, and what is seen old.
        boolean goesOn =
                full != null
                        && full.executed().equals(facts.executed())
                        && SpaceRules.isNearlyFull(facts)
                        && (seen.server().failure() == null || seen.server().isSilent());
        if (goesOn) {
            return full;
        }
        return facts.disk().isFull() ? new Full(facts.executed(), seen.now()) : null;
    }

    /** What to remember after {@code seen}. */
    public Memory next(Observation seen) {
        Moment now = seen.now();
        Tenure tenure = seen.tenure();
        LeaderState held = tenure == null ? null : tenure.state();
        boolean serving = held == LeaderState.SERVING || held == LeaderState.SWITCHING;
        LeaderRecord leader = seen.leader();
        return new Memory(
                promisedEpoch,
                since(vacantSince, seen.vacant(), now),
                since(electingSince, held == LeaderState.ELECTING, now),
                since(servingSince, serving, now),
                since(shortSince, serving && seen.shortOfAckers(), now),
                serving ? missing(seen) : Map.of(),
                leader == null ? null : strange(leader, FollowerRules.stranger(seen)),
                asked(seen),
                trials.next(leader, now),
                resigned(seen),
                unrest(seen),
                stuck(seen, serving),
                full(seen, serving || held == LeaderState.PROMOTING),
                starts);
    }

    private @Nullable Strange strange(LeaderRecord leader, GtidSet now) {
        if (now.isEmpty()) {
            return null;
        }
        if (strange != null && strange.epoch() == leader.epoch()) {
            GtidSet still = strange.gtids().intersect(now);
            if (!still.isEmpty()) {
                return new Strange(leader.epoch(), strange.seq(), still);
            }
        }
        return new Strange(leader.epoch(), leader.seq(), now);
    }

    /** Whether the present request for a switchover has been seen for {@code time}. */
    public boolean isAskedFor(Duration time, Moment now) {
        Asked asked = askedSince;
        return asked != null
                && !asked.id().isEmpty()
                && now.since(asked.since()).compareTo(time) >= 0;
    }

    /** Whether the request for a switchover {@code id} was seen to come. */
    boolean sawCome(String id) {
        return askedSince != null && askedSince.id().equals(id) && askedSince.came();
    }

    private Resignations resigned(Observation seen) {
        ServerFacts facts = seen.server().facts();
        ClusterSnapshot snapshot = seen.snapshot();
        Versioned<SwitchoverRecord> last = snapshot == null ? null : snapshot.switchover();
        String asker = seen.self().asker() + ":";
        String own =
                last != null && last.value().requestedBy().startsWith(asker)
                        ? last.value().id()
                        : null;
        Resignations known = resigned.next(own, seen.now());
        boolean cured =
                facts != null
                        && facts.diskPercent() >= 0
                        && facts.diskPercent() < Verdict.FULL_PERCENT;
        LeaderRecord leader = seen.leader();
        boolean replaced = leader != null && !leader.holder().equals(seen.self().id());
        return cured || replaced ? known.over() : known;
    }

    private Unrest unrest(Observation seen) {
        ClusterSnapshot snapshot = seen.snapshot();
        return snapshot == null || !seen.storeAnswers()
                ? unrest
                : unrest.next(snapshot.lastChange(), seen.self().policy().minTenure(), seen.now());
    }

    private @Nullable Asked asked(Observation seen) {
        if (seen.snapshot() == null || !seen.storeAnswers()) {
            return askedSince;
        }
        Versioned<SwitchoverRecord> request = seen.snapshot().switchover();
        String id =
                request != null && request.value().phase() == SwitchoverPhase.REQUESTED
                        ? request.value().id()
                        : "";
        return askedSince != null && askedSince.id().equals(id)
                ? askedSince
                : new Asked(id, seen.now(), askedSince != null);
    }

    private static @Nullable Moment since(@Nullable Moment before, boolean holds, Moment now) {
        if (!holds) {
            return null;
        }
        return before == null ? now : before;
    }

    private Map<String, Moment> missing(Observation seen) {
        SyncRecord sync = seen.sync();
        Map<String, Moment> missing = new HashMap<>();
        if (sync != null) {
            for (String acker : sync.ackers()) {
                if (!seen.receives(acker)) {
                    missing.put(acker, missingSince.getOrDefault(acker, seen.now()));
                }
            }
        }
        return missing;
    }
}
