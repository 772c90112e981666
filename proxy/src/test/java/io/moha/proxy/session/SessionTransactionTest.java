package io.moha.proxy.session;

import static io.moha.proxy.session.Wire.AUTOCOMMIT;
import static io.moha.proxy.session.Wire.IN_TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Command;
import io.moha.proxy.config.DrainConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions when the primary changes, and other ways in which sessions end. */
class SessionTransactionTest {

    private static final String EMPTY = "T_______";
    private static final String WRITTEN = "T___W__S";
    private static final String NONE = "________";
    private static final String BEGIN = "START TRANSACTION;";

    private Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    private void begin(String marks) {
        scene.clientSays(Wire.query("BEGIN"));
        scene.serverSays(Wire.okInTransaction(IN_TRANSACTION, marks, BEGIN));
        scene.served();
        scene.commands();
    }

    @Test
    void transactionInWhichNothingWasDoneIsBegunAnew() {
        begin(EMPTY);
        scene.server.close();
        scene.routing.serving("b", 2);

        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));

        assertThat(scene.attempts()).containsExactly("b2");
        scene.serverAccepts("b", 2);
        List<String> steps = scene.restored(Wire.ok(AUTOCOMMIT), Wire.ok(IN_TRANSACTION));
        assertThat(steps).last().isEqualTo("0 QUERY START TRANSACTION");
        assertThat(scene.commands()).containsExactly("0 QUERY INSERT INTO t VALUES (1)");
        scene.serverSays(Wire.ok(IN_TRANSACTION));
        assertThat(scene.served()).containsExactly("1 OK 3");
    }

    @Test
    void emptyTransactionMovesInASwitchover() {
        begin(EMPTY);
        scene.routing.switching("a", 1);
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));
        assertThat(scene.commands()).isEmpty();

        scene.routing.serving("b", 2);

        assertThat(scene.attempts()).containsExactly("b2");
        assertThat(scene.served()).isEmpty();
    }

    @Test
    void transactionWithWorkIsStillLost() {
        begin(WRITTEN);
        scene.server.close();
        scene.routing.serving("b", 2);

        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));

        assertThat(scene.served()).containsExactly("1 ERR 1213 40001");
        scene.clientSays(Wire.query("SELECT 1"));
        scene.serverAccepts("b", 2);
        assertThat(scene.restored(Wire.ok(AUTOCOMMIT)))
                .noneMatch(step -> step.contains("START TRANSACTION"));
    }

    @Test
    void statementInFlightInAnEmptyTransactionIsNotSentTwice() {
        begin(EMPTY);
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));

        scene.server.close();

        assertThat(scene.served()).containsExactly("1 ERR 1213 40001");
    }

    @Test
    void plainReadInFlightInAnEmptyTransactionGoesAlong() {
        begin(EMPTY);
        scene.clientSays(Wire.query("SELECT a FROM t"));
        scene.server.close();
        scene.routing.serving("b", 2);
        scene.client.advanceTimeBy(1, TimeUnit.SECONDS);
        scene.client.runScheduledPendingTasks();

        assertThat(scene.served()).isEmpty();
        assertThat(scene.attempts()).isNotEmpty();
    }

    @Test
    void snapshotOfAMomentIsNotBegunAnew() {
        scene.clientSays(Wire.query("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
        scene.serverSays(
                Wire.okInTransaction(
                        IN_TRANSACTION, EMPTY, "START TRANSACTION WITH CONSISTENT SNAPSHOT;"));
        scene.served();
        scene.server.close();

        scene.clientSays(Wire.query("SELECT 1"));

        assertThat(scene.served()).containsExactly("1 ERR 1213 40001");
    }

    @Test
    void wishForTheNextTransactionGoesAlong() {
        scene.clientSays(Wire.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"));
        String wish = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;";
        scene.serverSays(Wire.okInTransaction(AUTOCOMMIT, NONE, wish));
        scene.served();
        scene.server.close();
        scene.routing.serving("b", 2);

        scene.clientSays(Wire.query("BEGIN"));

        scene.serverAccepts("b", 2);
        assertThat(scene.restored(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT)))
                .last()
                .isEqualTo("0 QUERY SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    }

    @Test
    void switchoverCutsTransactionsWhenItIsToldTo() {
        scene.close();
        scene =
                new Scene(
                        Scene.CAPABILITIES,
                        new SessionDependencies.Endings(
                                Duration.ZERO, DrainConfig.OnDeadline.CLOSE));
        begin(WRITTEN);
        scene.routing.serving("b", 2);

        scene.clientSays(Wire.query("COMMIT"));

        assertThat(scene.served()).containsExactly("1 ERR 2013 08S01");
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void silentClientIsDisconnectedAndABusyOneIsNot() {
        scene.close();
        scene =
                new Scene(
                        Scene.CAPABILITIES,
                        new SessionDependencies.Endings(
                                Duration.ofSeconds(8), DrainConfig.OnDeadline.ERROR));
        scene.clientSays(Wire.query("SELECT SLEEP(60)"));
        pass(60);
        assertThat(scene.clientIsOpen()).isTrue();

        scene.serverSays(Wire.ok(AUTOCOMMIT));
        scene.served();
        pass(7);
        assertThat(scene.clientIsOpen()).isTrue();
        pass(6);

        assertThat(scene.served()).containsExactly("0 ERR 4031 HY000");
        assertThat(scene.clientIsOpen()).isFalse();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            scene.client.advanceTimeBy(1, TimeUnit.SECONDS);
            scene.client.runScheduledPendingTasks();
        }
    }

    @Test
    void killQueryOfAHeldCommandInterruptsThatAlone() {
        scene.routing.nobody(1);
        scene.clientSays(Wire.query("SELECT 1"));
        SessionMachine session = Objects.requireNonNull(scene.factory.registry().find(1L << 30));

        session.victim.onKill(true);

        assertThat(scene.served()).containsExactly("1 ERR 1317 70100");
        assertThat(scene.clientIsOpen()).isTrue();
        scene.clientSays(Wire.query("SELECT 2"));
        scene.routing.serving("a", 1);
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 2");
    }

    @Test
    void killOfAHoldingSessionEndsIt() {
        scene.routing.nobody(1);
        scene.clientSays(Wire.query("SELECT 1"));
        SessionMachine session = Objects.requireNonNull(scene.factory.registry().find(1L << 30));

        session.victim.onKill(false);

        assertThat(scene.served()).containsExactly("1 ERR 1317 70100");
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void killOfItselfEndsTheSession() {
        scene.clientSays(Wire.query("KILL " + (1L << 30)));
        assertThat(scene.commands()).containsExactly("0 QUERY KILL CONNECTION 7");
        scene.serverSays(Wire.error(1317));
        scene.client.runPendingTasks();
        scene.server.close();

        assertThat(scene.served()).containsExactly("1 ERR 1317 HY000");
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void pingWhileATransactionWaitsTellsThatItIsOpen() {
        begin(EMPTY);
        scene.server.close();
        scene.routing.nobody(1);

        scene.clientSays(Wire.command(Command.PING));

        assertThat(scene.served()).containsExactly("1 OK 3");
    }

    @Test
    void operatorHoldsWritesAndReleasesThem() {
        CompletionStage<Boolean> held = scene.factory.registry().holdWrites(true);
        assertThat(held).isNotDone();
        scene.client.runPendingTasks();
        assertThat(held).isCompletedWithValue(true);
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));
        assertThat(scene.commands()).isEmpty();

        CompletionStage<Boolean> released = scene.factory.registry().holdWrites(false);
        scene.client.runPendingTasks();
        assertThat(released).isCompletedWithValue(true);

        assertThat(scene.commands()).containsExactly("0 QUERY INSERT INTO t VALUES (1)");
    }

    @Test
    void statementOnAnotherServerIsKilledThroughAConnectionOfItsOwn() {
        scene.clientSays(Wire.query("SELECT SLEEP(60)"));
        scene.commands();
        SessionMachine session = Objects.requireNonNull(scene.factory.registry().find(1L << 30));

        session.victim.onKill(true);

        assertThat(scene.attempts()).containsExactly("a1");
        scene.serverAccepts("a", 1);
        assertThat(scene.commands()).containsExactly("0 QUERY KILL QUERY 7", "0 QUIT");
    }

    @Test
    void commandThatNeedsNoServerIsAnsweredBehindOneThatIsOutstanding() {
        scene.clientSays(Wire.query("SELECT 1"));
        scene.routing.nobody(1);
        scene.clientSays(Wire.command(Command.PING), Wire.query("SELECT 2"));

        scene.serverSays(Wire.ok(AUTOCOMMIT));

        assertThat(scene.served()).containsExactly("1 OK 2", "1 OK 2");
        scene.routing.serving("a", 1);
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1", "0 QUERY SELECT 2");
    }
}
