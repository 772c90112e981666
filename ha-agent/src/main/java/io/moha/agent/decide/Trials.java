package io.moha.agent.decide;

import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who was appointed lately and did not come to serve, or served and failed again and again. For a
 * while, which doubles each time, others that are as good are preferred; nobody is ever excluded by
 * it. Immutable.
 *
 * @param last the leader record that was seen last; null when none was
 * @param failures what is remembered, by node id
 */
public record Trials(@Nullable LeaderRecord last, Map<String, Failure> failures) {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** Failures with more than this between them have nothing to do with each other. */
    private static final Duration CALM = Duration.ofMinutes(10);

    /**
     * Failures of one node.
     *
     * @param times how many in a row
     * @param served whether the last time it had come to serve
     * @param at when the last one was seen
     */
    public record Failure(int times, boolean served, Moment at) {

        private Duration remembered() {
            return BackOff.doubled(REMEMBERED, times - 1, LONGEST);
        }

        private boolean isFresh(Moment now, Duration more) {
            return now.since(at).compareTo(remembered().plus(more)) < 0;
        }

        /** A server that served and died once is as good as any. */
        private boolean counts(Moment now) {
            return (!served || times > 1) && isFresh(now, Duration.ZERO);
        }
    }

    /** Copies the map. */
    public Trials {
        failures = Map.copyOf(failures);
    }

    /** Nobody was tried yet. */
    static Trials none() {
        return new Trials(null, Map.of());
    }

    /** What is known after a look at {@code leader} at {@code now}. */
    Trials next(@Nullable LeaderRecord leader, Moment now) {
        if (leader == null) {
            return this;
        }
        LeaderRecord before = last;
        boolean changed =
                before == null
                        || before.epoch() != leader.epoch()
                        || before.state() != leader.state();
        if (!changed) {
            return this;
        }
        Map<String, Failure> known = new HashMap<>(failures);
        if (before != null) {
            switch (before.state()) {
                case PROMOTING -> {
                    if (isOver(before, leader)) {
                        failed(known, before.holder(), false, now);
                    }
                }
                case SERVING, SWITCHING -> {
                    if (isOver(before, leader) && !isHandOver(before, leader)) {
                        failed(known, before.holder(), true, now);
                    }
                }
                case ELECTING, RELEASED -> {}
            }
        }
        known.values().removeIf(failure -> !failure.isFresh(now, CALM));
        return new Trials(leader, known);
    }

    private static boolean isOver(LeaderRecord before, LeaderRecord leader) {
        return leader.epoch() > before.epoch() || leader.state() == LeaderState.RELEASED;
    }

    private static boolean isHandOver(LeaderRecord before, LeaderRecord leader) {
        return leader.epoch() == before.epoch() + 1
                && leader.state() != LeaderState.ELECTING
                && !leader.holder().equals(before.holder());
    }

    private static void failed(
            Map<String, Failure> known, String node, boolean served, Moment now) {
        Failure before = known.get(node);
        int times = before != null && before.isFresh(now, CALM) ? before.times() + 1 : 1;
        known.put(node, new Failure(times, served, now));
    }

    /** Who should not be the first to be tried again at {@code now}. */
    Set<String> penalised(Moment now) {
        return failures.entrySet().stream()
                .filter(entry -> entry.getValue().counts(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
