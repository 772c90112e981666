package io.moha.proxy.session;

import static io.moha.proxy.session.Wire.AUTOCOMMIT;
import static io.moha.proxy.session.Wire.IN_TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One session on its server: the way there and back, holding, and every way to end. */
class SessionTest {

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void commandAndResponseGoThroughAsTheyAre() {
        scene.clientSays(Wire.query("SELECT 1"));
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"));

        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
        assertThat(scene.served()).hasSize(4).last().isEqualTo("4 OK 2");
    }

    @Test
    void bufferIsForwardedWithoutCopy() {
        ByteBuf rows = Wire.rows(AUTOCOMMIT, "1");
        scene.clientSays(Wire.query("SELECT 1"));
        scene.serverSays(rows);

        ByteBuf forwarded = scene.client.readOutbound();
        assertThat(forwarded).isSameAs(rows);
        forwarded.release();
    }

    @Test
    void bytesMayComeInAnyPieces() {
        ByteBuf query = Wire.query("SELECT 1");
        ByteBuf rows = Wire.rows(AUTOCOMMIT, "1", "2");
        int length = rows.readableBytes();
        while (query.isReadable()) {
            scene.clientSays(query.readRetainedSlice(1));
        }
        while (rows.isReadable()) {
            scene.serverSays(rows.readRetainedSlice(1));
        }
        query.release();
        rows.release();

        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = scene.client.readOutbound();
                out != null;
                out = scene.client.readOutbound()) {
            all.writeBytes(out);
            out.release();
        }
        assertThat(all.readableBytes()).isEqualTo(length);
    }

    @Test
    void changesThatTheClientDidNotAskForAreCutOut() {
        scene.clientSays(Wire.query("SET time_zone='+01:00'"), Wire.command(Command.PING));
        ByteBuf both = Wire.okWithVariable(AUTOCOMMIT, "time_zone", "+01:00");
        ByteBuf ping = Wire.ok(AUTOCOMMIT);
        both.writeBytes(ping);
        ping.release();
        scene.serverSays(both);

        assertThat(scene.served()).containsExactly("1 OK 2", "1 OK 2");
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrder() {
        ByteBuf both = Wire.command(Command.STMT_CLOSE, p -> p.writeIntLE(9));
        ByteBuf query = Wire.query("SELECT 1");
        both.writeBytes(query);
        query.release();
        scene.clientSays(both, Wire.command(Command.PING));
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"), Wire.error(1047));

        assertThat(scene.commands()).hasSize(3);
        assertThat(scene.served()).hasSize(5).last().isEqualTo("1 ERR 1047 HY000");
    }

    @Test
    void switchingHoldsWhatBeginsAndLetsTransactionsGoOn() {
        scene.clientSays(Wire.query("BEGIN"));
        scene.serverSays(Wire.ok(IN_TRANSACTION));
        scene.routing.switching("a", 1);
        assertThat(scene.factory.registry().onPrimary()).isEqualTo(1);

        scene.clientSays(Wire.query("COMMIT"));
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        assertThat(scene.factory.registry().onPrimary()).isZero();
        scene.clientSays(Wire.query("SELECT 1"));

        assertThat(scene.commands()).containsExactly("0 QUERY BEGIN", "0 QUERY COMMIT");
        assertThat(scene.factory.registry().holding()).isEqualTo(1);
        scene.routing.serving("a", 1);
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
        assertThat(scene.factory.registry().holding()).isZero();
    }

    @Test
    void pingIsAnsweredWhileThereIsNoPrimary() {
        scene.routing.nobody(1);

        scene.clientSays(Wire.command(Command.PING));

        assertThat(scene.served()).containsExactly("1 OK 2");
        assertThat(scene.commands()).isEmpty();
    }

    @Test
    void pingTellsOfTheTransactionThatIsStillOpen() {
        scene.clientSays(Wire.query("BEGIN"));
        scene.serverSays(Wire.ok(Wire.IN_TRANSACTION));
        scene.served();
        scene.routing.nobody(2);

        scene.clientSays(Wire.command(Command.PING));

        assertThat(scene.served()).containsExactly("1 OK 3");
    }

    @Test
    void holdingEndsWithAnErrorWhenItTakesTooLong() {
        scene.routing.nobody(1);
        scene.clientSays(Wire.query("SELECT 1"));

        scene.client.advanceTimeBy(Scene.MAX_WAIT.toMillis() + 1, TimeUnit.MILLISECONDS);
        scene.client.runScheduledPendingTasks();

        assertThat(scene.served()).containsExactly("1 ERR 1053 08S01");
        assertThat(scene.clientIsOpen()).isFalse();
        assertThat(scene.factory.registry().closed(CloseCause.HOLD_EXPIRED)).isEqualTo(1);
    }

    @Test
    void quitWhileHoldingFreesTheServerAtOnce() {
        scene.routing.nobody(1);
        scene.clientSays(Wire.query("SELECT 1"));

        scene.client.close();

        assertThat(scene.commands()).containsExactly("0 QUIT");
        assertThat(scene.server.isOpen()).isFalse();
        assertThat(scene.factory.registry().heldBytes()).isZero();
    }

    @Test
    void quitWhileACommandRunsFreesTheServerAtOnce() {
        scene.clientSays(Wire.query("SELECT SLEEP(9)"), Wire.command(Command.QUIT));

        assertThat(scene.server.isOpen()).isFalse();
        assertThat(scene.clientIsOpen()).isFalse();
        assertThat(scene.factory.registry().count()).isZero();
        assertThat(scene.factory.registry().onPrimary()).isZero();
    }

    @Test
    void idleTimeoutOfTheServerIsPassedOn() {
        scene.serverSays(Wire.error(4031));

        assertThat(scene.served()).hasSize(1).first().asString().startsWith("1 ERR 4031");
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void nonsenseFromTheServerEndsTheSession() {
        scene.serverSays(Wire.ok(AUTOCOMMIT));

        assertThat(scene.clientIsOpen()).isFalse();
        assertThat(scene.factory.registry().closed(CloseCause.SERVER_MALFORMED)).isEqualTo(1);
    }

    @Test
    void slowClientStopsTheServerAndSlowServerTheClient() {
        scene.client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        scene.client.runPendingTasks();
        assertThat(scene.server.config().isAutoRead()).isFalse();
        scene.client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        scene.client.runPendingTasks();
        assertThat(scene.server.config().isAutoRead()).isTrue();

        scene.server.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        scene.server.runPendingTasks();
        assertThat(scene.client.config().isAutoRead()).isFalse();
    }

    @Test
    void drainEndsIdleSessionsAndWaitsForTransactions() {
        scene.clientSays(Wire.query("BEGIN"));
        scene.serverSays(Wire.ok(IN_TRANSACTION));

        scene.factory.registry().drain();
        scene.client.runPendingTasks();
        assertThat(scene.clientIsOpen()).isTrue();
        scene.clientSays(Wire.query("COMMIT"));
        scene.serverSays(Wire.ok(AUTOCOMMIT));

        assertThat(scene.clientIsOpen()).isFalse();
        assertThat(scene.served()).containsExactly("1 OK 3", "1 OK 2");
    }

    @Test
    void snapshotTellsWhatPinsTheSession() {
        scene.clientSays(Wire.query("SELECT GET_LOCK('a', 1)"));
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"));

        var snapshots = scene.factory.registry().snapshots().toCompletableFuture();
        scene.client.runPendingTasks();

        assertThat(snapshots.join())
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.state()).isEqualTo("idle");
                            assertThat(one.node()).isEqualTo("a");
                            assertThat(one.pinReason()).contains("GET_LOCK");
                        });
    }
}
