package io.moha.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.mysql.ServerCopy;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    private static final Duration TTL = Duration.ofSeconds(5);
    private static final SyncRecord SYNC = sync("c");
    private static final ServerCopy NEVER = new ServerCopy(100, 0, false, 0);

    @TempDir private Path directory;
    private final AtomicLong clock = new AtomicLong(100_000);
    private Ledger ledger;

    @BeforeEach
    void open() throws IOException {
        ledger = reopened("boot");
    }

    private Ledger reopened(String boot) throws IOException {
        return Ledger.open(new FileDisk(directory.resolve("state.json")), boot, clock::get);
    }

    @Test
    void promiseForbidsEveryLaterElectionUntilItEnds() {
        assertThat(ledger.grant(4, "n1", TTL)).isTrue();

        assertThat(ledger.freeze(5)).isFalse();
        clock.addAndGet(TTL.toMillis());
        assertThat(ledger.freeze(5)).isTrue();
    }

    @Test
    void promiseToAPrimaryThatGaveUpIsMoot() {
        ledger.grant(4, "n1", TTL);

        ledger.saw(leader(4, LeaderState.SERVING).released(true, "", "crashed"), SYNC, 7);

        assertThat(ledger.freeze(5)).isTrue();
    }

    @Test
    void whoFrozePromisesNothingToAnEarlierPrimary() {
        ledger.freeze(5);

        assertThat(ledger.grant(4, "n1", TTL)).isFalse();
        assertThat(ledger.grant(5, "n2", TTL)).isTrue();
    }

    @Test
    void whoKnowsALaterPrimaryPromisesNothingToAnEarlierOne() {
        ledger.saw(leader(5, LeaderState.ELECTING), SYNC, 7);
        assertThat(ledger.grant(4, "n1", TTL)).isTrue();

        ledger.saw(leader(5, LeaderState.PROMOTING), SYNC, 7);
        assertThat(ledger.grant(4, "n1", TTL)).isFalse();
    }

    @Test
    void promiseOutlivesTheAgentAndBeginsAnewAfterABoot() throws IOException {
        ledger.grant(4, "n1", TTL);

        assertThat(reopened("boot").freeze(5)).isFalse();
        clock.set(1_000);
        Ledger afterBoot = reopened("another boot");
        assertThat(afterBoot.freeze(5)).isFalse();
        clock.addAndGet(TTL.toMillis());
        assertThat(afterBoot.freeze(5)).isTrue();
    }

    @Test
    void storeThatKnowsLessIsNotTheOneThatThisNodeKnows() throws IOException {
        assertThat(ledger.isBehind(null, null, 0)).isFalse();
        ledger.saw(leader(5, LeaderState.SERVING), SYNC, 7);

        Ledger later = reopened("boot");
        assertThat(later.isBehind(leader(5, LeaderState.SERVING), SYNC, 7)).isFalse();
        assertThat(later.isBehind(leader(4, LeaderState.SERVING), SYNC, 7)).isTrue();
        assertThat(later.isBehind(leader(9, LeaderState.SERVING), sync("other"), 7)).isTrue();
        assertThat(later.isBehind(null, SYNC, 7)).isTrue();
        assertThat(later.isBehind(null, null, 0)).isTrue();
    }

    @Test
    void withinAnEpochWhoCouldBeElectedNeverGoesBack() throws IOException {
        ledger.saw(leader(5, LeaderState.SERVING), SYNC, 7);

        Ledger later = reopened("boot");
        assertThat(later.isBehind(leader(5, LeaderState.SERVING), SYNC, 6)).isTrue();
        assertThat(later.isBehind(leader(5, LeaderState.SERVING), SYNC, 8)).isFalse();
        assertThat(later.isBehind(leader(6, LeaderState.SERVING), SYNC, 2)).isFalse();
    }

    @Test
    void primaryThatWroteEverythingBackCountsRevisionsAnew() {
        ledger.saw(leader(5, LeaderState.SERVING), SYNC, 7);
        ledger.saw(leader(6, LeaderState.SERVING), SYNC, 2);

        assertThat(ledger.isBehind(leader(6, LeaderState.SERVING), SYNC, 2)).isFalse();
        assertThat(ledger.isBehind(leader(6, LeaderState.SERVING), SYNC, 1)).isTrue();
    }

    @Test
    void whoFrozeForTheFirstElectionBeforeItSawTheRecordBelievesTheRecord() {
        ledger.freeze(1);

        assertThat(ledger.isBehind(leader(1, LeaderState.ELECTING), SYNC, 7)).isFalse();
    }

    @Test
    void changeUnderWayIsDoubtedUntilTheLeadIsNotedAgain() throws IOException {
        NodeState.Lead lead =
                new NodeState.Lead(
                        leader(5, LeaderState.SERVING), 90, SYNC, true, Map.of("n2", "h:1"));
        ledger.leads(lead);

        assertThat(ledger.doubtSync()).isTrue();
        assertThat(reopened("boot").state().lead())
                .isNotNull()
                .extracting(NodeState.Lead::sure)
                .isEqualTo(false);
        ledger.leads(lead);
        assertThat(reopened("boot").state().lead()).isEqualTo(lead);
    }

    private static LeaderRecord leader(long epoch, LeaderState state) {
        return new LeaderRecord(
                1, epoch, "n1", "i", 5000, 1, state, false, "", "a:1", "u", "because");
    }

    @Test
    void aCopyThatBeganIsKnownUntilItIsSeenToBeComplete() throws IOException {
        ledger.empties("old", NEVER);
        Ledger later = reopened("boot");
        assertThat(later.state().isGutted()).isTrue();
        assertThat(later.state().former()).containsExactly("old");
        later.caughtUp();
        assertThat(later.state().isGutted()).isTrue();
        assertThat(later.isCopied(new ServerCopy(210, 200, false, 201))).isFalse();
        assertThat(later.isCopied(new ServerCopy(210, 200, false, 0))).isFalse();
        assertThat(later.isCopied(ServerCopy.UNKNOWN)).isFalse();
        assertThat(later.isCopied(NEVER)).isFalse();
        assertThat(later.isCopied(new ServerCopy(210, 200, true, 201))).isTrue();

        later.whole("new");
        Ledger copied = reopened("boot");
        assertThat(copied.state().isGutted()).isFalse();
        assertThat(copied.state().isEmptied()).isTrue();
        copied.caughtUp();
        assertThat(reopened("boot").state().isEmptied()).isFalse();
        assertThat(reopened("boot").state().former()).containsExactly("old");
    }

    @Test
    void anEarlierCopySaysNothingOfThisOne() {
        ServerCopy yesterday = new ServerCopy(60, 50, true, 51);
        ledger.empties("old", yesterday);

        assertThat(ledger.isCopied(yesterday)).isFalse();
        assertThat(ledger.isUntouched(yesterday)).isTrue();
        assertThat(ledger.isUntouched(new ServerCopy(210, 200, false, 0))).isTrue();
        assertThat(ledger.isUntouched(new ServerCopy(210, 200, false, 201))).isFalse();
    }

    @Test
    void aRefusedCopyDoesNotMakeHalfAnEarlierOneWhole() {
        ledger.empties("old", NEVER);
        ServerCopy half = new ServerCopy(210, 200, false, 201);
        ledger.empties("old", half);

        assertThat(ledger.isUntouched(new ServerCopy(310, 300, false, 0))).isFalse();
        assertThat(ledger.isUntouched(half)).isFalse();
        assertThat(ledger.isCopied(new ServerCopy(310, 300, true, 301))).isTrue();
    }

    @Test
    void aServerThatForgotARefusedCopyDoesNotTellOfThisOne() {
        ServerCopy refused = new ServerCopy(80, 70, false, 0);
        ServerCopy longAgo = new ServerCopy(400, 50, true, 51);
        ledger.empties("old", refused);
        assertThat(ledger.isCopied(longAgo)).isFalse();

        ledger.empties("old", refused);
        assertThat(ledger.isCopied(longAgo)).isFalse();
        assertThat(ledger.isCopied(new ServerCopy(400, 90, true, 91))).isTrue();
    }

    @Test
    void aCopyThatWasRefusedLeavesTheServerItsName() {
        ledger.empties("old", NEVER);
        ledger.whole("new");
        ledger.empties("new", NEVER);
        ledger.whole("new");

        assertThat(ledger.state().former()).containsExactly("old");
        assertThat(ledger.named("old")).isTrue();
        assertThat(ledger.state().former()).isEmpty();
    }

    @Test
    void anotherServerThanBeforeHasNothingOfWhatWasAcknowledged() throws IOException {
        assertThat(ledger.meets("first", false)).isTrue();
        assertThat(ledger.state().isEmptied()).isFalse();
        Ledger later = reopened("boot");
        later.meets("first", true);
        assertThat(later.state().isEmptied()).isFalse();

        later.meets("second", false);
        assertThat(reopened("boot").state().isEmptied()).isTrue();
        later.caughtUp();
        later.meets("second", true);
        assertThat(later.state().isEmptied()).isFalse();
    }

    @Test
    void whoIsCountedOnAndKnowsNothingHasLostItAll() {
        ledger.meets("first", true);

        assertThat(ledger.state().isEmptied()).isTrue();
    }

    @Test
    void aFileOfAnEarlierVersionIsUnderstood() throws IOException {
        Files.writeString(
                directory.resolve("state.json"),
                """
                {"version":1,"clusterUuid":"c","knownEpoch":3,"servedEpoch":3,"frozenEpoch":2,
                "copying":{"since":100,"before":0,"whole":true}}
                """);

        Ledger old = reopened("boot");

        assertThat(old.state().knownEpoch()).isEqualTo(3);
        assertThat(old.isUntouched(new ServerCopy(210, 200, false, 0))).isFalse();
        assertThat(old.isCopied(new ServerCopy(210, 200, true, 201))).isTrue();
    }

    @Test
    void formerNamesAreBounded() {
        for (int i = 0; i < 40; i++) {
            ledger.empties("u" + i, NEVER);
        }

        assertThat(ledger.state().former()).hasSize(16).endsWith("u39");
    }

    private static SyncRecord sync(String cluster) {
        return new SyncRecord(
                1, SyncMode.SYNC, 1, List.of("n2"), List.of("n1", "n2", "n3"), cluster);
    }
}
