package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a planned switchover may begin, and to whom. */
public final class SwitchoverRules {

    /** How far behind the target may be: what it lacks is waited for while clients wait. */
    private static final long MAX_LAG_MS = 1000;

    private SwitchoverRules() {}

    /** The answer to a request. */
    public sealed interface Answer {

        /** It may begin. */
        record Go(MemberRecord target) implements Answer {}

        /** It may as soon as what {@code reason} names has passed by itself. */
        record NotYet(String reason) implements Answer {}

        /** It may not; {@code reason} names every obstacle. */
        record No(String reason) implements Answer {}
    }

    /**
     * Judges a request to hand over from {@code leader} to {@code to}.
     *
     * @param to the wanted target; null for the best there is
     */
    public static Answer judge(
            ClusterSnapshot seen, LeaderRecord leader, SyncRecord sync, @Nullable String to) {
        if (to == null) {
            return best(seen, leader, sync);
        }
        if (to.equals(leader.holder())) {
            return new Answer.No(to + " is the primary already");
        }
        MemberRecord target = seen.members().get(to);
        if (target == null) {
            return new Answer.No("there is no living member " + to);
        }
        List<String> obstacles = obstacles(seen, leader, sync, target);
        return obstacles.isEmpty()
                ? new Answer.Go(target)
                : refusal(said(target, obstacles), isPassing(seen, leader, target));
    }

    private static Answer best(ClusterSnapshot seen, LeaderRecord leader, SyncRecord sync) {
        List<String> why = new ArrayList<>();
        List<MemberRecord> able = new ArrayList<>();
        boolean passing = false;
        for (MemberRecord member : seen.members().values()) {
            if (member.id().equals(leader.holder())) {
                continue;
            }
            List<String> found = obstacles(seen, leader, sync, member);
            if (found.isEmpty()) {
                able.add(member);
            } else {
                why.add(said(member, found));
                passing |= isPassing(seen, leader, member);
            }
        }
        Optional<MemberRecord> best = able.stream().min(preference(seen));
        if (best.isPresent()) {
            return new Answer.Go(best.get());
        }
        return why.isEmpty()
                ? new Answer.No("there is no other member")
                : refusal("nobody can take over; " + String.join("; ", why), passing);
    }

    /** The best target first. */
    private static Comparator<MemberRecord> preference(ClusterSnapshot seen) {
        return Comparator.<MemberRecord>comparingInt(seen::priority)
                .reversed()
                .thenComparingLong(member -> member.report().lagMs())
                .thenComparing(MemberRecord::id);
    }

    /** The best of the members that may take over and satisfy {@code wanted}. */
    static Optional<MemberRecord> best(
            ClusterSnapshot seen,
            LeaderRecord leader,
            SyncRecord sync,
            Predicate<MemberRecord> wanted) {
        return seen.members().values().stream()
                .filter(wanted)
                .filter(member -> judge(seen, leader, sync, member.id()) instanceof Answer.Go)
                .min(preference(seen));
    }

    private static String said(MemberRecord target, List<String> obstacles) {
        return target.id() + ": " + String.join(", ", obstacles);
    }

    private static Answer refusal(String reason, boolean passing) {
        return passing ? new Answer.NotYet(reason) : new Answer.No(reason);
    }

    /** Whether {@code target} is well and only has not caught up, or not been recorded, yet. */
    private static boolean isPassing(
            ClusterSnapshot seen, LeaderRecord leader, MemberRecord target) {
        MemberReport report = target.report();
        return !seen.neverPromote(target)
                && report.role() == NodeRole.REPLICA
                && leader.address().equals(report.source())
                && report.ioRunning()
                && report.sqlRunning()
                && (report.diskPercent() == null || report.diskPercent() < Verdict.FULL_PERCENT);
    }

    /**
     * What {@code source}, a look at the primary that is newer than the target's report, shows to
     * be wrong with {@code target}; empty when nothing.
     */
    public static List<String> unfit(MemberRecord target, ServerFacts source) {
        List<String> found = new ArrayList<>();
        GtidSet errant =
                GtidSet.parse(target.report().executed())
                        .subtract(GtidSet.parse(source.executed()));
        if (!errant.isEmpty()) {
            found.add(target.id() + " has what the primary lacks: " + errant);
        }
        String version = target.report().mysqlVersion();
        if (version != null && isOlder(version, source.version())) {
            found.add(
                    "%s runs MySQL %s, older than the primary's %s"
                            .formatted(target.id(), version, source.version()));
        }
        return found;
    }

    /** Whether the first two or three numbers of {@code version} are less than {@code other}'s. */
    static boolean isOlder(String version, String other) {
        return Arrays.compare(numbers(version), numbers(other)) < 0;
    }

    private static int[] numbers(String version) {
        return Pattern.compile("\\d{1,9}")
                .matcher(version)
                .results()
                .limit(3)
                .mapToInt(found -> Integer.parseInt(found.group()))
                .toArray();
    }

    /** Everything that keeps {@code target} from becoming primary by plan; empty when nothing. */
    public static List<String> obstacles(
            ClusterSnapshot seen, LeaderRecord leader, SyncRecord sync, MemberRecord target) {
        MemberReport report = target.report();
        List<String> found = new ArrayList<>();
        if (seen.neverPromote(target)) {
            found.add("must never be promoted");
        }
        if (report.role() != NodeRole.REPLICA) {
            found.add("is " + report.role() + " (" + report.reason() + ")");
        }
        if (!leader.address().equals(report.source())) {
            found.add("does not replicate from the primary");
        }
        if (!report.ioRunning()) {
            found.add("does not receive");
        }
        if (!report.sqlRunning()) {
            found.add("does not apply");
        }
        Integer disk = report.diskPercent();
        if (disk != null && disk >= Verdict.FULL_PERCENT) {
            found.add("its disk is " + disk + " % full");
        }
        if (report.lagMs() < 0 || report.lagMs() > MAX_LAG_MS) {
            found.add("lags " + report.lagMs() + " ms");
        }
        if (sync.mode() == SyncMode.SYNC && !sync.ackers().contains(target.id())) {
            found.add("does not acknowledge yet");
        }
        return found;
    }
}
