package io.moha.proxy.session;

import static io.moha.proxy.session.Wire.AUTOCOMMIT;
import static io.moha.proxy.session.Wire.IN_TRANSACTION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send too little, too much or at the wrong moment, and servers that fall silent. */
class SessionHardeningTest {

    private static final int LONG = 40_000;

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    private static ByteBuf longQuery(String begin) {
        return Wire.query(begin + "x".repeat(LONG));
    }

    @Test
    void quitIsNeverTakenForTheEndOfAnUnfinishedCommand() {
        ByteBuf whole = longQuery("INSERT INTO t VALUES ('");
        ByteBuf part = whole.readRetainedSlice(whole.readableBytes() - 5);
        whole.release();
        scene.clientSays(part);

        scene.client.close();

        assertThat(scene.commandBytes()).isEqualTo(4 + 1 + 23 + LONG - 5);
        assertThat(scene.server.isOpen()).isFalse();
    }

    @Test
    void ownCommandWaitsForTheEndOfTheClients() {
        scene.clientSays(Wire.command(Command.RESET_CONNECTION));
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        // The settings of trackers are refused, and so tried again after the next success.
        scene.serverSays(Wire.error(1820), Wire.ok(AUTOCOMMIT));
        scene.commands();
        ByteBuf whole = longQuery("INSERT INTO t VALUES ('");
        ByteBuf begin = whole.readRetainedSlice(20_000);
        scene.clientSays(Wire.query("SET PASSWORD='x'"), begin);
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        scene.clientSays(whole.readRetainedSlice(whole.readableBytes()), Wire.query("SELECT 2"));
        whole.release();

        ByteBuf all = everythingSent(scene);
        List<String> commands = List.of(text(all), text(all), text(all), text(all), text(all));
        all.release();
        assertThat(commands.get(0)).isEqualTo("SET PASSWORD='x'");
        assertThat(commands.get(1)).startsWith("INSERT").hasSize(23 + LONG);
        assertThat(commands.get(2)).startsWith("SET SESSION session_track");
        assertThat(commands.get(3)).startsWith("DO 0");
        assertThat(commands.get(4)).startsWith("SELECT 2");
    }

    private static ByteBuf everythingSent(Scene scene) {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = scene.server.readOutbound(); out != null; ) {
            all.writeBytes(out);
            out.release();
            out = scene.server.readOutbound();
        }
        return all;
    }

    private static String text(ByteBuf packets) {
        int length = packets.readUnsignedMediumLE();
        packets.skipBytes(2);
        return packets.readCharSequence(length - 1, UTF_8).toString();
    }

    @Test
    void shortCommandsGoToTheServerUntouched() {
        scene.clientSays(
                Wire.command(Command.STMT_EXECUTE),
                Wire.command(Command.SET_OPTION),
                Wire.command(Command.STMT_CLOSE),
                Wire.command(Command.STMT_SEND_LONG_DATA, p -> p.writeByte(1)),
                Wire.command(Command.PROCESS_KILL));

        ByteBuf sent = everythingSent(scene);
        assertThat(sent.readableBytes()).isEqualTo(4 * 5 + 6);
        sent.release();
        scene.serverSays(Wire.error(1835), Wire.error(1835), Wire.error(1835));
        assertThat(scene.served()).hasSize(3).allMatch(answer -> answer.contains("ERR 1835"));
        assertThat(scene.clientIsOpen()).isTrue();
    }

    @Test
    void responsesInFrontOfAnUnaskedErrorReachTheClient() {
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));
        ByteBuf both = Wire.ok(AUTOCOMMIT);
        ByteBuf error = Wire.error(4031);
        both.writeBytes(error);
        error.release();

        scene.serverSays(both);

        assertThat(scene.served()).containsExactly("1 OK 2", "1 ERR 4031 HY000");
    }

    @Test
    void shutdownBehindAResponseLosesNothing() {
        scene.clientSays(Wire.query("INSERT INTO t VALUES (1)"));
        ByteBuf both = Wire.ok(AUTOCOMMIT);
        ByteBuf error = Wire.error(1053);
        both.writeBytes(error);
        error.release();

        scene.serverSays(both);

        assertThat(scene.served()).containsExactly("1 OK 2");
        assertThat(scene.clientIsOpen()).isTrue();
    }

    @Test
    void readingStopsAtTooManyUnansweredCommands() {
        ByteBuf pings = Unpooled.buffer();
        for (int i = 0; i < 2000; i++) {
            pings.writeMediumLE(1).writeByte(0).writeByte(Command.PING.code());
        }
        scene.clientSays(pings);
        assertThat(scene.client.config().isAutoRead()).isFalse();

        for (int i = 0; i < 2000; i++) {
            scene.serverSays(Wire.ok(AUTOCOMMIT));
        }

        assertThat(scene.client.config().isAutoRead()).isTrue();
    }

    @Test
    void readingGoesOnAfterCommandsWaitedBehindAnotherOne() {
        scene.clientSays(Wire.query("SELECT 1"));
        scene.routing.switching("a", 1);
        scene.clientSays(Wire.query("SELECT 2"));
        scene.client.pipeline().fireChannelWritabilityChanged();
        assertThat(scene.client.config().isAutoRead()).isFalse();

        scene.routing.serving("a", 1);
        scene.serverSays(Wire.ok(AUTOCOMMIT));

        assertThat(scene.client.config().isAutoRead()).isTrue();
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        assertThat(scene.served()).hasSize(2);
    }

    @Test
    void silentServerIsLostOnceAnotherHasItsPlace() {
        scene.clientSays(Wire.query("SELECT 1"));
        scene.routing.serving("b", 2);
        assertThat(scene.attempts()).isEmpty();

        scene.client.advanceTimeBy(4, TimeUnit.SECONDS);
        scene.client.runScheduledPendingTasks();

        assertThat(scene.attempts()).containsExactly("b2");
        scene.serverAccepts("b", 2);
        scene.restored(Wire.ok(AUTOCOMMIT));
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
    }

    @Test
    void pingAndResetAreNoPartOfALostTransaction() {
        scene.clientSays(Wire.query("BEGIN"), Wire.query("INSERT INTO t VALUES (1)"));
        scene.serverSays(Wire.ok(IN_TRANSACTION), Wire.ok(IN_TRANSACTION));
        scene.served();
        scene.server.close();

        scene.clientSays(Wire.command(Command.PING));
        assertThat(scene.served()).containsExactly("1 OK 3");
        scene.clientSays(Wire.command(Command.RESET_CONNECTION));
        assertThat(scene.served()).isEmpty();
        assertThat(scene.attempts()).containsExactly("a1");
    }

    @Test
    void clientThatStillSendsGetsTheErrorAndTimeToReadIt() {
        ByteBuf whole = longQuery("INSERT INTO t VALUES ('");
        scene.clientSays(whole.readRetainedSlice(20_000));
        scene.serverSays(Wire.error(1153));
        scene.server.close();

        assertThat(scene.served()).containsExactly("1 ERR 1153 HY000");
        assertThat(scene.clientIsOpen()).isTrue();
        scene.clientSays(whole.readRetainedSlice(whole.readableBytes()));
        whole.release();
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void textsOfPreparedStatementsAreBounded() {
        SessionMemory memory = new SessionMemory(null);
        for (int i = 1; i <= 5; i++) {
            memory.onPrepared(i, new byte[1 << 20], 0);
        }
        assertThat(memory.isMovable()).isFalse();

        memory.onStatementClosed(5);

        assertThat(memory.isMovable()).isTrue();
    }

    @Test
    void commandOfWhichAPartIsMissingIsSentWholeToTheNextServer() {
        ByteBuf whole = longQuery("INSERT INTO t VALUES ('");
        scene.clientSays(whole.readRetainedSlice(20_000));
        scene.clientSays(whole.readRetainedSlice(10_000));
        scene.commandBytes();
        scene.server.close();
        scene.clientSays(whole.readRetainedSlice(whole.readableBytes()));
        whole.release();
        assertThat(scene.served()).isEmpty();

        scene.serverAccepts("a", 1);
        scene.restored(Wire.ok(AUTOCOMMIT));

        assertThat(scene.commandBytes()).isEqualTo(4 + 1 + 23 + LONG);
        scene.serverSays(Wire.ok(AUTOCOMMIT));
        assertThat(scene.served()).containsExactly("1 OK 2");
        assertThat(scene.factory.registry().heldBytes()).isZero();
    }

    @Test
    void commandTooLongToBeKeptIsSaidNotToHaveBeenExecuted() {
        ByteBuf whole = Wire.query("INSERT INTO t VALUES ('" + "x".repeat(2 << 20));
        scene.clientSays(whole.readRetainedSlice(3 << 19));
        scene.commandBytes();

        scene.server.close();

        assertThat(scene.served()).containsExactly("1 ERR 1053 08S01");
        assertThat(scene.clientIsOpen()).isTrue();
        scene.clientSays(whole.readRetainedSlice(whole.readableBytes()));
        whole.release();
        assertThat(scene.clientIsOpen()).isFalse();
    }

    @Test
    void longCommandInALostTransactionIsToldSo() {
        scene.clientSays(Wire.query("BEGIN"), Wire.query("INSERT INTO t VALUES (1)"));
        scene.serverSays(Wire.ok(IN_TRANSACTION), Wire.ok(IN_TRANSACTION));
        scene.served();
        ByteBuf whole = longQuery("INSERT INTO t VALUES ('");
        scene.clientSays(whole.readRetainedSlice(20_000));
        scene.commandBytes();

        scene.server.close();
        scene.clientSays(whole.readRetainedSlice(whole.readableBytes()), Wire.query("SELECT 1"));
        whole.release();

        assertThat(scene.served()).containsExactly("1 ERR 1213 40001");
        scene.serverAccepts("a", 1);
        scene.restored(Wire.ok(AUTOCOMMIT));
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
    }
}
