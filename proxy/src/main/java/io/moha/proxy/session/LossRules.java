package io.moha.proxy.session;

/**
 * Decides what a lost server means to a session. Pure. Two rules stand above all: a statement that
 * may have had an effect is never sent a second time, and a COMMIT without answer is never told to
 * have failed or succeeded.
 */
final class LossRules {

    private LossRules() {}

    static LossOutcome decide(Loss loss) {
        if (loss.outstanding() == 0) {
            return whileIdle(loss);
        }
        if (!loss.atBoundary()) {
            return LossOutcome.CUT;
        }
        if (loss.outstanding() == 1 && !loss.delivered() && !loss.answered()) {
            return undelivered(loss);
        }
        // With several commands in flight nobody knows how far the server came.
        if (loss.outstanding() > 1 || !loss.movable()) {
            return LossOutcome.OUTCOME_UNKNOWN;
        }
        return loss.inTransaction() ? insideTransaction(loss) : outsideTransaction(loss);
    }

    // Nobody can have executed a command of which a part is missing.
    private static LossOutcome undelivered(Loss loss) {
        if (!loss.movable()) {
            return LossOutcome.UNDELIVERED;
        }
        if (loss.inTransaction() && !loss.emptyTransaction()) {
            return LossOutcome.ABORT_TRANSACTION;
        }
        return loss.repeatableRequest() ? LossOutcome.SEND_AGAIN : LossOutcome.UNDELIVERED;
    }

    private static LossOutcome whileIdle(Loss loss) {
        if (!loss.movable()) {
            return LossOutcome.END;
        }
        return loss.inTransaction() && !loss.emptyTransaction()
                ? LossOutcome.DETACH_ABORTED
                : LossOutcome.DETACH;
    }

    private static LossOutcome insideTransaction(Loss loss) {
        return switch (loss.kind()) {
            case REPEATABLE ->
                    loss.emptyTransaction() && !loss.answered() && loss.repeatableRequest()
                            ? LossOutcome.SEND_AGAIN
                            : LossOutcome.ABORT_TRANSACTION;
            case TRANSACTIONAL -> LossOutcome.ABORT_TRANSACTION;
            case ROLLBACK ->
                    loss.answered() ? LossOutcome.OUTCOME_UNKNOWN : LossOutcome.ROLLED_BACK;
            case SETTING, LASTING -> LossOutcome.OUTCOME_UNKNOWN;
        };
    }

    private static LossOutcome outsideTransaction(Loss loss) {
        return switch (loss.kind()) {
            case REPEATABLE, SETTING, ROLLBACK ->
                    !loss.answered() && loss.repeatableRequest()
                            ? LossOutcome.SEND_AGAIN
                            : LossOutcome.OUTCOME_UNKNOWN;
            case TRANSACTIONAL, LASTING -> LossOutcome.OUTCOME_UNKNOWN;
        };
    }
}
