package io.moha.agent.act;

import io.moha.agent.decide.Tenure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when the hold on the leader record changed. */
final class TenureLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(TenureLog.class);

    private TenureLog() {}

    /** The hold went from {@code before} to {@code next}; renewals are not worth a line. */
    static void changed(@Nullable Tenure before, @Nullable Tenure next, String reason) {
        boolean same =
                before != null
                        && next != null
                        && before.epoch() == next.epoch()
                        && before.state() == next.state();
        if (!same && (before != null || next != null)) {
            LOGGER.atInfo()
                    .addKeyValue("from", describe(before))
                    .addKeyValue("to", describe(next))
                    .addKeyValue("reason", reason)
                    .log("tenure changed");
        }
    }

    private static String describe(@Nullable Tenure held) {
        return held == null ? "none" : held.state() + " in epoch " + held.epoch();
    }

    /** A renewal got no answer; {@code slackMillis} are left. */
    static void notRenewed(Tenure held, long slackMillis, String cause) {
        LOGGER.atWarn()
                .addKeyValue("epoch", held.epoch())
                .addKeyValue("slackMs", slackMillis)
                .addKeyValue("cause", cause)
                .log("lease not renewed");
    }

    /** The lead is gone, and whoever could write under it is killed. */
    static void lost(Tenure held, String reason) {
        LOGGER.atWarn()
                .addKeyValue("epoch", held.epoch())
                .addKeyValue("fenced", held.armed())
                .addKeyValue("reason", reason)
                .log("lead lost");
    }
}
