package io.moha.proxy.session;

import static io.moha.proxy.session.Wire.AUTOCOMMIT;
import static io.moha.proxy.session.Wire.IN_TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.packet.ConnectAttributes;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client sees when its server goes, and on which server it continues. */
class SessionLossTest {

    private static final String LOST = "1 ERR 1213 40001";
    private static final String UNKNOWN = "1 ERR 2013 08007";

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void idleSessionGoesOnWhereThePrimaryIsNow() {
        scene.clientSays(Wire.query("SET time_zone='+01:00'"));
        scene.serverSays(Wire.okWithVariable(AUTOCOMMIT, "time_zone", "+01:00"));
        scene.served();

        scene.server.close();
        scene.routing.nobody(1);
        scene.clientSays(Wire.query("SELECT 1"));
        assertThat(scene.attempts()).isEmpty();
        scene.routing.serving("b", 2);

        assertThat(scene.attempts()).containsExactly("b2");
        scene.serverAccepts("b", 2);
        assertThat(scene.restored(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT)))
                .hasSize(2)
                .last()
                .isEqualTo("0 QUERY SET @@SESSION.time_zone='+01:00'");
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"));
        assertThat(scene.served()).hasSize(4);
        assertThat(scene.factory.registry().moves()).isEqualTo(1);
    }

    @Test
    void deadServerIsTriedAgainUntilThePictureChanges() {
        scene.server.close();
        scene.clientSays(Wire.query("SELECT 1"));

        assertThat(scene.attempts()).containsExactly("a1");
        scene.serverIsUnreachable();
        assertThat(scene.attempts()).isEmpty();
        scene.routing.serving("b", 2);
        scene.client.advanceTimeBy(1, TimeUnit.SECONDS);
        scene.client.runScheduledPendingTasks();

        assertThat(scene.attempts()).containsExactly("b2");
        assertThat(scene.routing.suspicions()).isEqualTo(2);
    }

    @Test
    void openTransactionIsLostAndTheNextStatementIsTold() {
        begin();
        scene.server.close();

        scene.clientSays(Wire.query("UPDATE t SET a=1"));

        assertThat(scene.served()).containsExactly(LOST);
        assertThat(scene.clientIsOpen()).isTrue();
        scene.clientSays(Wire.query("SELECT 1"));
        assertThat(scene.attempts()).containsExactly("a1");
    }

    @Test
    void commitOfALostTransactionIsNeverOk() {
        begin();
        scene.server.close();

        scene.clientSays(Wire.query("COMMIT"));

        assertThat(scene.served()).containsExactly(LOST);
    }

    @Test
    void rollbackOfALostTransactionIsOk() {
        begin();
        scene.server.close();

        scene.clientSays(Wire.query("ROLLBACK"));

        assertThat(scene.served()).containsExactly("1 OK 2");
    }

    @Test
    void statementInFlightInsideATransactionIsLostWithIt() {
        begin();
        scene.clientSays(Wire.query("UPDATE t SET a=1"));

        scene.server.close();

        assertThat(scene.served()).containsExactly(LOST);
        assertThat(scene.clientIsOpen()).isTrue();
    }

    @Test
    void commitInFlightHasAnUnknownOutcome() {
        begin();
        scene.clientSays(Wire.query("COMMIT"));

        scene.server.close();

        assertThat(scene.served()).containsExactly(UNKNOWN);
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void libraryThatTakesTheErrorForMalformedSeesTheConnectionEnd() {
        try (Scene mariadb =
                new Scene(
                        Scene.CAPABILITIES,
                        SessionDependencies.Endings.DEFAULT,
                        ConnectAttributes.NONE.plus(Map.of("_client_name", "libmariadb")))) {
            mariadb.clientSays(Wire.query("INSERT INTO t VALUES (1)"));

            mariadb.server.close();

            assertThat(mariadb.served()).isEmpty();
            assertThat(mariadb.clientIsOpen()).isFalse();
        }
    }

    @Test
    void writeInFlightHasAnUnknownOutcomeAndIsNotSentAgain() {
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));

        scene.server.close();

        assertThat(scene.served()).containsExactly(UNKNOWN);
        assertThat(scene.clientIsOpen()).isFalse();
        assertThat(scene.attempts()).isEmpty();
    }

    @Test
    void readInFlightIsSentAgainWhenNothingOfItWasSeen() {
        scene.clientSays(Wire.query("SELECT a FROM t"));
        scene.commands();
        scene.server.close();
        scene.routing.serving("b", 2);

        acceptOnB();

        assertThat(scene.commands()).containsExactly("0 QUERY SELECT a FROM t");
        assertThat(scene.served()).isEmpty();
    }

    @Test
    void readOfWhichAPartWasSeenEndsWithAnErrorInItsPlace() {
        scene.clientSays(Wire.query("SELECT a FROM t"));
        ByteBuf rows = Wire.rows(AUTOCOMMIT, "1", "2");
        rows.writerIndex(rows.writerIndex() - 3);
        scene.serverSays(rows);

        scene.server.close();

        assertThat(scene.served()).hasSize(5).last().isEqualTo("5 ERR 2013 08007");
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void resultCutInsideAPacketEndsWithoutAnError() {
        scene.clientSays(Wire.query("SELECT a FROM t"));
        ByteBuf rows = Wire.rows(AUTOCOMMIT, "a long row that is cut inside");
        rows.writerIndex(rows.writerIndex() - 20);
        scene.serverSays(rows);

        scene.server.close();

        assertThat(scene.clientIsOpen()).isFalse();
        assertThat(scene.factory.registry().closed(CloseCause.RESULT_CUT)).isEqualTo(1);
    }

    @Test
    void shutdownErrorCountsAsLossAndIsNotShown() {
        scene.clientSays(Wire.query("SELECT a FROM t"));

        scene.serverSays(Wire.error(1053));

        assertThat(scene.served()).isEmpty();
        assertThat(scene.attempts()).containsExactly("a1");
    }

    @Test
    void sessionWithALockCannotGoOnElsewhere() {
        scene.clientSays(Wire.query("SELECT GET_LOCK('a', 1)"));
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"));
        scene.served();

        scene.server.close();

        assertThat(scene.served()).isEmpty();
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void transactionLeftOnADemotedServerIsLost() {
        begin();
        scene.routing.serving("b", 2);

        scene.clientSays(Wire.query("COMMIT"));

        assertThat(scene.served()).containsExactly(LOST);
        assertThat(scene.commands()).containsExactly("0 QUIT");
    }

    @Test
    void writeRefusedDuringASwitchoverIsSentToTheNewPrimary() {
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));
        scene.routing.switching("a", 1);
        scene.serverSays(Wire.error(1290));
        scene.routing.serving("b", 2);

        acceptOnB();

        assertThat(scene.served()).isEmpty();
        assertThat(scene.commands()).containsExactly("0 QUERY INSERT INTO t VALUES (1)");
    }

    @Test
    void commitRefusedDuringASwitchoverIsARollback() {
        begin();
        scene.clientSays(Wire.query("COMMIT"));
        scene.routing.switching("a", 1);

        scene.serverSays(Wire.error(1290));

        assertThat(scene.served()).containsExactly(LOST);
        assertThat(scene.clientIsOpen()).isTrue();
    }

    @Test
    void readOnlyErrorWithoutASwitchoverIsPassedOn() {
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));

        scene.serverSays(Wire.error(1290));

        assertThat(scene.served()).containsExactly("1 ERR 1290 HY000");
    }

    @Test
    void preparedStatementKeepsItsNumberAndTypes() {
        scene.clientSays(Wire.command(Command.STMT_PREPARE, p -> p.writeBytes(bytes("SELECT ?"))));
        scene.serverSays(Wire.prepared(5));
        scene.clientSays(Wire.execute(5, true));
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        scene.served();
        scene.commands();

        scene.routing.serving("b", 2);
        scene.clientSays(Wire.execute(5, false));
        assertThat(scene.commands()).containsExactly("0 QUIT");
        scene.serverAccepts("b", 2);
        assertThat(scene.restored(Wire.ok(AUTOCOMMIT), Wire.prepared(1)))
                .last()
                .isEqualTo("0 STMT_PREPARE SELECT ?");

        assertThat(scene.commands()).containsExactly("0 STMT_EXECUTE 1 length 18");
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        scene.clientSays(Wire.execute(5, false));
        assertThat(scene.commands()).containsExactly("0 STMT_EXECUTE 1 length 16");
    }

    @Test
    void newStatementGetsANumberThatTheClientDoesNotUseYet() {
        scene.clientSays(Wire.command(Command.STMT_PREPARE, p -> p.writeBytes(bytes("SELECT ?"))));
        scene.serverSays(Wire.prepared(5));
        scene.routing.serving("b", 2);
        scene.clientSays(Wire.command(Command.STMT_PREPARE, p -> p.writeBytes(bytes("SELECT 2"))));
        // What the first PREPARE changed was not reported yet.
        assertThat(scene.commands()).last().isEqualTo("0 PING");
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        scene.serverAccepts("b", 2);
        scene.restored(Wire.ok(AUTOCOMMIT), Wire.prepared(1));
        scene.served();
        scene.commands();

        scene.serverSays(Wire.prepared(5));
        assertThat(scene.served()).first().asString().startsWith("1 [0, 6, 0, 0, 0");
        scene.clientSays(Wire.execute(6, true));

        assertThat(scene.commands()).containsExactly("0 STMT_EXECUTE 5 length 18");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void statementIsPreparedAgainInTheSchemaOfThen() {
        scene.clientSays(initDb("one"));
        scene.serverSays(Wire.okWithSchema(AUTOCOMMIT, "one"));
        scene.clientSays(Wire.command(Command.STMT_PREPARE, p -> p.writeBytes(bytes("SELECT ?"))));
        scene.serverSays(Wire.prepared(5));
        scene.clientSays(initDb("two"));
        scene.serverSays(Wire.okWithSchema(AUTOCOMMIT, "two"));
        scene.commands();
        scene.served();
        scene.routing.serving("b", 2);
        scene.clientSays(Wire.execute(5, true));
        scene.serverAccepts("b", 2);

        assertThat(
                        scene.restored(
                                Wire.ok(AUTOCOMMIT),
                                Wire.ok(AUTOCOMMIT),
                                Wire.prepared(1),
                                Wire.ok(AUTOCOMMIT)))
                .endsWith(
                        "0 " + Arrays.toString(bytes("\u0002one")),
                        "0 STMT_PREPARE SELECT ?",
                        "0 " + Arrays.toString(bytes("\u0002two")));
        assertThat(scene.commands()).containsExactly("0 STMT_EXECUTE 1 length 18");
    }

    @Test
    void executionWithAValueInPartsIsNotSentAgainWithoutIt() {
        scene.clientSays(Wire.command(Command.STMT_PREPARE, p -> p.writeBytes(bytes("SELECT ?"))));
        scene.serverSays(Wire.prepared(5));
        scene.clientSays(
                Wire.command(
                        Command.STMT_SEND_LONG_DATA,
                        p -> p.writeIntLE(5).writeShortLE(0).writeBytes(bytes("part"))),
                Wire.execute(5, true));
        scene.served();

        scene.server.close();

        assertThat(scene.served()).containsExactly("1 ERR 2013 08007");
        assertThat(scene.attempts()).isEmpty();
    }

    @Test
    void transactionThatAMultiStatementBeganIsKnownThoughTheLastOneFailed() {
        scene.clientSays(Wire.query("BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)"));
        int more = IN_TRANSACTION | ServerStatus.MORE_RESULTS_EXISTS;
        scene.serverSays(Wire.okOfSeveral(1, more), Wire.okOfSeveral(2, more), Wire.error(1062));
        scene.served();
        scene.server.close();

        scene.clientSays(Wire.query("COMMIT"));

        assertThat(scene.served()).containsExactly("1 ERR 1213 40001");
    }

    @Test
    void longExecutionTellsAndGetsTypesLikeAnyOther() {
        scene.clientSays(Wire.command(Command.STMT_PREPARE, p -> p.writeBytes(bytes("SELECT ?"))));
        scene.serverSays(Wire.prepared(5));
        ByteBuf typed = Wire.longExecute(5, true);
        scene.clientSays(typed.readRetainedSlice(20_000), typed);
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"));
        scene.served();
        scene.server.close();
        scene.routing.serving("b", 2);
        ByteBuf untyped = Wire.longExecute(5, false);
        int length = untyped.readableBytes();
        scene.clientSays(untyped.readRetainedSlice(20_000));
        scene.serverAccepts("b", 2);
        scene.restored(Wire.ok(AUTOCOMMIT), Wire.prepared(1));
        scene.clientSays(untyped);

        assertThat(scene.commandBytes()).isEqualTo(length + 2);
    }

    private static ByteBuf initDb(String name) {
        return Wire.command(Command.INIT_DB, p -> p.writeBytes(bytes(name)));
    }

    private void begin() {
        scene.clientSays(Wire.query("BEGIN"));
        scene.serverSays(Wire.ok(IN_TRANSACTION));
        scene.served();
        scene.commands();
    }

    private void acceptOnB() {
        scene.serverAccepts("b", 2);
        scene.restored(Wire.ok(AUTOCOMMIT));
    }
}
