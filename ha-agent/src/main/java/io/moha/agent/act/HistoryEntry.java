package io.moha.agent.act;

import io.moha.agent.decide.Tally;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a promotion leaves in the history, and in the record of the switchover that it ends. */
final class HistoryEntry {

    /** An entry with this phase is of a promotion that came to its end. */
    static final String LAST_PHASE = "barrier";

    private final Tools tools;
    private final long epoch;
    private final PhaseTimer phases;
    private boolean first;

    /** Of the promotion in {@code epoch}, which goes on counting {@code phases}. */
    HistoryEntry(Tools tools, long epoch, PhaseTimer phases) {
        this.tools = tools;
        this.epoch = epoch;
        this.phases = phases;
    }

    /** The whole of it, and the end of whatever switchover was under way. */
    Change last(ClusterSnapshot snapshot) throws AbandonedException {
        return endSwitchover(snapshot, first(snapshot));
    }

    /** One that nobody took up yet may still begin. */
    private Change endSwitchover(ClusterSnapshot snapshot, Change also) {
        Versioned<SwitchoverRecord> switchover = snapshot.switchover();
        if (switchover == null || isLeftAlone(switchover.value())) {
            return also;
        }
        return also.replace(
                tools.store().keys().switchover(),
                switchover.revision(),
                ended(switchover.value(), snapshot));
    }

    private static boolean isLeftAlone(SwitchoverRecord record) {
        boolean asked = record.phase() == SwitchoverPhase.REQUESTED && !record.isForced();
        return !record.phase().isUnderWay() || asked;
    }

    private boolean isPlanned(ClusterSnapshot snapshot) {
        Versioned<SwitchoverRecord> switchover = snapshot.switchover();
        return switchover != null
                && switchover.value().phase() == SwitchoverPhase.HANDED_OVER
                && tools.self().id().equals(switchover.value().to());
    }

    /** Records this change of primary, with the phases until now; once for each epoch. */
    Change first(ClusterSnapshot snapshot) throws AbandonedException {
        HistoryRecord last = snapshot.lastChange();
        first |=
                last == null || last.epoch() < epoch || !last.phaseMillis().containsKey(LAST_PHASE);
        if (!first) {
            return Change.empty();
        }
        return Change.empty().put(tools.store().keys().history(epoch), change(snapshot));
    }

    /** This change of primary as far as it has come. */
    HistoryRecord change(ClusterSnapshot snapshot) throws AbandonedException {
        LeaderRecord leader = tools.tenure(epoch).record();
        String reason = leader.reason();
        HistoryRecord last = snapshot.lastChange();
        HistoryRecord same = last != null && last.epoch() == epoch ? last : null;
        String from = same == null ? snapshot.lastPrimary() : same.from();
        return new HistoryRecord(
                1,
                epoch,
                tools.wall().now().toEpochMilli(),
                same == null ? kind(from, isPlanned(snapshot), reason) : same.kind(),
                reason,
                from,
                tools.self().id(),
                phases.millis(),
                Tally.lostIn(reason),
                leader.serverUuid());
    }

    private HistoryRecord.Kind kind(@Nullable String from, boolean planned, String reason) {
        if (planned) {
            return HistoryRecord.Kind.SWITCHOVER;
        }
        if (from == null) {
            return HistoryRecord.Kind.BOOTSTRAP;
        }
        if (reason.contains(Tally.FORCED)) {
            return HistoryRecord.Kind.FORCED;
        }
        return from.equals(tools.self().id())
                ? HistoryRecord.Kind.RESUME
                : HistoryRecord.Kind.FAILOVER;
    }

    private SwitchoverRecord ended(SwitchoverRecord record, ClusterSnapshot snapshot) {
        boolean done = isPlanned(snapshot) || record.isForced();
        Map<String, Long> millis = new LinkedHashMap<>(record.phaseMillis());
        millis.put("promoting", phases.totalMillis());
        long pause =
                millis.getOrDefault("holding", 0L)
                        + millis.getOrDefault("read_only", 0L)
                        + millis.getOrDefault("handed_over", 0L)
                        + phases.totalMillis();
        millis.put("write pause", pause);
        return HandOver.moved(
                record,
                done ? SwitchoverPhase.DONE : SwitchoverPhase.ABANDONED,
                done ? "done" : "cut off before the hand-over; " + tools.self().id() + " serves",
                millis);
    }
}
