package io.moha.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import org.junit.jupiter.api.Test;

class LeaderRulesTest {

    private static final long STORE = 1;

    private static StoredRecord<LeaderRecord> record(
            long epoch, String holder, long seq, long storeId, long modRevision) {
        LeaderRecord leader =
                new LeaderRecord(
                        1,
                        epoch,
                        holder,
                        "i1",
                        5000,
                        seq,
                        LeaderState.SERVING,
                        false,
                        "",
                        holder + ":3306",
                        "uuid",
                        "");
        return new StoredRecord<>(leader, storeId, modRevision);
    }

    private final StoredRecord<LeaderRecord> believed = record(5, "n1", 10, STORE, 100);

    @Test
    void theFirstRecordIsBelieved() {
        assertThat(LeaderRules.next(null, believed))
                .isEqualTo(new LeaderRules.Belief(believed, ""));
    }

    @Test
    void aHigherEpochIsBelievedFromAnyStore() {
        StoredRecord<LeaderRecord> next = record(6, "n2", 1, 99, 3);

        assertThat(LeaderRules.next(believed, next).leader()).isEqualTo(next);
    }

    @Test
    void aLaterWriteOfTheSameEpochIsBelievedEvenWithAnotherHolder() {
        // An elector hands the epoch over to the node it picked.
        StoredRecord<LeaderRecord> next = record(5, "n2", 0, STORE, 101);

        assertThat(LeaderRules.next(believed, next).leader()).isEqualTo(next);
    }

    @Test
    void aMissingRecordLeavesTheLastOne() {
        LeaderRules.Belief next = LeaderRules.next(believed, null);

        assertThat(next.leader()).isEqualTo(believed);
        assertThat(next.doubt()).contains("gone");
    }

    @Test
    void aLowerEpochIsNotBelieved() {
        LeaderRules.Belief next = LeaderRules.next(believed, record(4, "n2", 50, STORE, 200));

        assertThat(next.leader()).isEqualTo(believed);
        assertThat(next.doubt()).contains("epoch 4 after epoch 5");
    }

    @Test
    void anOlderRecordOfTheSameEpochInARestoredStoreIsNotBelieved() {
        assertThat(LeaderRules.next(believed, record(5, "n1", 9, STORE, 90)).leader())
                .isEqualTo(believed);
        assertThat(LeaderRules.next(believed, record(5, "n2", 99, 2, 900)).leader())
                .isEqualTo(believed);
    }

    @Test
    void aRestoredStoreIsBelievedAgainOnceTheHolderWentOn() {
        StoredRecord<LeaderRecord> next = record(5, "n1", 10, 2, 3);

        assertThat(LeaderRules.next(believed, next)).isEqualTo(new LeaderRules.Belief(next, ""));
    }
}
