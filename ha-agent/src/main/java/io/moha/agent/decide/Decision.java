package io.moha.agent.decide;

import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import org.jspecify.annotations.Nullable;

/** What an agent does next. */
public sealed interface Decision {

    /** Why, for people. */
    String reason();

    /** Nothing. */
    record Idle(String reason) implements Decision {}

    /** Nothing, though something should be done: an operator is needed, or others must return. */
    record Blocked(String reason) implements Decision {}

    /** Keep this node out: it has what the primary lacks. */
    record Quarantine(String reason) implements Decision {}

    /**
     * Replace this node's data by a copy of {@code host:port}'s, after {@code surplus}, which only
     * this node has, was written to a file.
     *
     * @param order of an operator who asked for it; null when nobody did
     */
    record Rebuild(
            String host,
            int port,
            String surplus,
            @Nullable Versioned<RejoinRecord> order,
            String reason)
            implements Decision {

        /** What the name of the action begins with. */
        public static final String NAME = "rebuild";
    }

    /** Answer an operator's order to bring this node back. */
    record AnswerRejoin(Versioned<RejoinRecord> order, RejoinRecord.Phase answer, String reason)
            implements Decision {}

    /** Start mysqld. */
    record StartServer(String reason) implements Decision {}

    /** Kill mysqld at once and remember {@code epoch} as fenced. */
    record KillServer(long epoch, String reason) implements Decision {}

    /** Set a just started server up. */
    record PrepareServer(String reason) implements Decision {}

    /** Make a server read-only that should be and is not. */
    record MakeReadOnly(String reason) implements Decision {}

    /**
     * Take the leader record: write {@code next} where {@code there} stands, if the sync record is
     * still at {@code syncRevision}, and hold it.
     */
    record Acquire(
            @Nullable Versioned<LeaderRecord> there,
            long syncRevision,
            LeaderRecord next,
            String reason)
            implements Decision {}

    /**
     * Write {@code next}, a released record, over {@code there}, this node's own record of an
     * earlier life, whose server is dead or was restarted read-only.
     */
    record Bury(@Nullable Versioned<LeaderRecord> there, LeaderRecord next, String reason)
            implements Decision {}

    /** Give the held record up, mysqld being dead. */
    record Release(long epoch, String reason) implements Decision {}

    /** Go back from serving or switching to promoting, which makes the server writable anew. */
    record Restore(long epoch, String reason) implements Decision {}

    /** Stop receiving and report exactly what there is, for the election of {@code epoch}. */
    record Freeze(long epoch, String reason) implements Decision {}

    /**
     * In the election of {@code epoch}, receive {@code gtids} from a node at {@code host:port} that
     * has everything and must not be primary itself.
     */
    record Fetch(long epoch, String host, int port, String gtids, String reason)
            implements Decision {}

    /** End the election that this node runs in {@code epoch}. */
    record Appoint(long epoch, long syncRevision, Tally.Winner winner) implements Decision {
        @Override
        public String reason() {
            return winner.reason();
        }
    }

    /** Make this node's server the writable one, as holder of {@code epoch}. */
    record Promote(long epoch, String reason) implements Decision {}

    /** Receive from the primary, as an acker or not. */
    record Follow(String host, int port, boolean acker, String reason) implements Decision {}

    /** Apply everything in {@code gtids} and say so, as target of a switchover. */
    record CatchUp(String gtids, String reason) implements Decision {}

    /** Change whose acknowledgements count. */
    record Sync(long epoch, SyncStep step) implements Decision {
        @Override
        public String reason() {
            return step.reason();
        }
    }

    /**
     * Hand over by plan to {@code target}.
     *
     * @param revision of the request
     * @param came whether this node saw the request come, so that it knows its age whatever clocks
     *     say
     */
    record HandOver(
            long epoch,
            SwitchoverRecord request,
            long revision,
            MemberRecord target,
            boolean came,
            String reason)
            implements Decision {}

    /**
     * Answer whether a switchover could be done.
     *
     * @param revision of the question
     * @param target who would become primary; null when nobody could
     * @param obstacle why nobody could; empty when somebody can
     * @param reason for people
     */
    record Rehearse(
            SwitchoverRecord question,
            long revision,
            @Nullable MemberRecord target,
            String obstacle,
            String reason)
            implements Decision {}

    /** Ask for a switchover oneself. */
    record Resign(String to, long revision, String reason) implements Decision {}

    /** Make the replicas connect anew, which frees acknowledgements that got stuck. */
    record Reconnect(long epoch, String reason) implements Decision {}

    /** Answer a request for a switchover with no. */
    record Refuse(SwitchoverRecord request, long revision, String reason) implements Decision {}
}
