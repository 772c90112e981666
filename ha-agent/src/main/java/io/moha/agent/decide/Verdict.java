package io.moha.agent.decide;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.base.Moment;
import java.time.Duration;

/**
 * What is wrong with this node's server, if anything. DEAD and HUNG lead to a failover, NO_SPACE to
 * a planned change in time, or to a failover when there is no space at all; the others are for
 * people.
 *
 * @param kind in one word
 * @param reason for people; empty when nothing is wrong
 */
public record Verdict(Kind kind, String reason) {

    /** From here on people are told that the disk fills up. */
    public static final int ALARM_PERCENT = 90;

    /** From here on a primary hands over while it still can. */
    public static final int FULL_PERCENT = 95;

    /** Commits that wait for so long without any coming through are stuck. */
    static final Duration STUCK = Duration.ofSeconds(2);

    /** What is wrong. */
    public enum Kind {
        /** Nothing. */
        WELL,
        /** It does not run. */
        DEAD,
        /** It keeps ending, and is started again only now and then. */
        FAILED,
        /** It runs and has answered nothing for longer than failover.hangAfter. */
        HUNG,
        /** It runs and does not answer; it may be starting, or about to count as hung. */
        SILENT,
        /** It answers that it is too busy, or takes no more connections. */
        SATURATED,
        /** It does not let the agent in, or refuses what it needs: a matter of configuration. */
        CONFIG_ERROR,
        /** Something that the agent needs was refused. */
        REFUSED,
        /**
         * Its disk is nearly full, or full: it waits for space then, and answers all but writes.
         */
        NO_SPACE,
        /** Commits wait for acknowledgements that do not come, though ackers are connected. */
        NO_ACK
    }

    /** Judges the server that was {@code seen}. */
    public static Verdict of(Observation seen, Memory memory) {
        ServerView server = seen.server();
        if (server.guard().state() == GuardStatus.State.UNREACHABLE) {
            return new Verdict(Kind.SILENT, "the guard does not answer");
        }
        if (server.guard().state() != GuardStatus.State.RUNNING) {
            return memory.isCrashLooping(seen.now())
                    ? new Verdict(
                            Kind.FAILED,
                            "mysqld keeps ending and is started again only now and then: "
                                    + server.guard().exit())
                    : new Verdict(Kind.DEAD, "mysqld does not run: " + server.guard().exit());
        }
        ServerFacts facts = server.facts();
        MysqlException.Kind failure = server.failure();
        if (facts != null && facts.disk().isFull() && (failure == null || server.isSilent())) {
            return new Verdict(Kind.NO_SPACE, "the disk is full, mysqld waits for space");
        }
        if (failure != null) {
            return ofFailure(failure, server, seen);
        }
        return facts == null
                ? new Verdict(Kind.SILENT, "mysqld starts")
                : ofFacts(facts, seen.now(), memory);
    }

    private static Verdict ofFailure(
            MysqlException.Kind failure, ServerView server, Observation seen) {
        String message = server.message();
        return switch (failure) {
            case CONFIG -> new Verdict(Kind.CONFIG_ERROR, "the agent is not let in: " + message);
            case SATURATED -> new Verdict(Kind.SATURATED, "mysqld is overloaded: " + message);
            case REFUSED -> new Verdict(Kind.REFUSED, "mysqld refuses: " + message);
            case UNREACHABLE, TIMEOUT -> {
                Moment since = server.failingSince();
                Duration silent = since == null ? Duration.ZERO : seen.now().since(since);
                boolean hung =
                        server.facts() != null
                                && silent.compareTo(seen.self().policy().hangAfter()) >= 0;
                yield new Verdict(
                        hung ? Kind.HUNG : Kind.SILENT,
                        "mysqld has not answered for %d s: %s"
                                .formatted(silent.toSeconds(), message));
            }
        };
    }

    private static Verdict ofFacts(ServerFacts facts, Moment now, Memory memory) {
        if (facts.diskPercent() >= ALARM_PERCENT) {
            return new Verdict(Kind.NO_SPACE, "the disk is " + facts.diskPercent() + " % full");
        }
        if (memory.isStuckFor(STUCK, now)) {
            return new Verdict(
                    Kind.NO_ACK,
                    "commits wait, and none of the %d connected ackers acknowledges"
                            .formatted(facts.semiSync().clients()));
        }
        return new Verdict(Kind.WELL, "");
    }
}
