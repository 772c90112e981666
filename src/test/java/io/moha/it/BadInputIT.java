package io.moha.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.Servers;
import io.moha.it.fixture.WithServers;
import io.moha.it.raw.Bytes;
import io.moha.it.raw.Caps;
import io.moha.it.raw.Packet;
import io.moha.it.raw.RawClient;
import io.moha.it.raw.RawLogin;
import io.moha.it.raw.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that misbehave: each gets a clear error or a close, is counted, and does no harm to the
 * client beside it, which logs in before and works after.
 */
@ExtendWith(WithServers.class)
class BadInputIT {

    private static final int BAD_HANDSHAKE = 1043;
    private static final int OUT_OF_ORDER = 1156;
    private static final int TOO_MANY_CONNECTIONS = 1040;
    private static final int NOT_SUPPORTED_AUTH_MODE = 1251;
    private static final RawLogin LOGIN =
            RawLogin.as("badinput", "badinput-secret", Caps.USUAL | Caps.DEPRECATE_EOF);

    private final Servers servers;
    private final RawClient neighbour;
    private final double refusedBefore;

    @BeforeAll
    static void makeAccount(Servers servers) {
        servers.mysqld()
                .execute(
                        "CREATE USER IF NOT EXISTS badinput@'%' IDENTIFIED WITH"
                                + " caching_sha2_password BY 'badinput-secret';"
                                + "GRANT ALL ON app.* TO badinput@'%'");
    }

    BadInputIT(Servers servers) throws IOException {
        assumeTrue(servers.hasProxy(), "there is no proxy to send bad input to");
        this.servers = servers;
        neighbour = new RawClient(servers.proxied(), LOGIN);
        refusedBefore = refused();
    }

    @BeforeEach
    @AfterEach
    void neighbourIsNotHarmed() throws IOException {
        assertThat(neighbour.query("SELECT 'well'")).hasSize(4);
    }

    @AfterEach
    void closeNeighbour() throws IOException {
        neighbour.close();
    }

    @Test
    void garbageInsteadOfALoginGetsBadHandshake() throws IOException {
        try (Wire wire = greeted()) {
            wire.send(1, "\u0001\u0002garbage that is no login at all".getBytes(UTF_8));

            assertRefused(wire, BAD_HANDSHAKE);
        }
        assertCounted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 31, 32, 33, 40})
    void aLoginCutShortGetsBadHandshake(int length) throws IOException {
        try (Wire wire = greeted()) {
            byte[] whole = plausibleLogin();
            wire.send(1, java.util.Arrays.copyOf(whole, Math.min(length, whole.length)));

            assertRefused(wire, BAD_HANDSHAKE);
        }
        assertCounted();
    }

    @Test
    void aHttpRequestIsClosedAtOnce() throws IOException {
        try (Wire wire = greeted()) {
            wire.sendRaw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));

            assertErrorOrClose(wire);
        }
        assertCounted();
    }

    @Test
    void anOversizedLoginIsRefusedBeforeItIsRead() throws IOException {
        try (Wire wire = greeted()) {
            wire.sendRaw(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1});
            wire.sendRaw(new byte[2_000]);

            assertErrorOrClose(wire);
        }
        assertCounted();
    }

    @Test
    void aLoginWithAWrongNumberIsOutOfOrder() throws IOException {
        try (Wire wire = greeted()) {
            wire.send(7, plausibleLogin());

            assertRefused(wire, OUT_OF_ORDER);
        }
        assertCounted();
    }

    @Test
    void aCommandWithAWrongNumberIsOutOfOrderAsAtTheServer() throws IOException {
        try (RawClient direct = new RawClient(servers.direct(), LOGIN);
                RawClient client = new RawClient(servers.proxied(), LOGIN)) {
            byte[] ping = {0x0E};
            direct.wire().send(3, ping);
            client.wire().send(3, ping);

            assertThat(client.wire().read()).hasToString(direct.wire().read().toString());
            assertThat(client.wire().closedAfter(0)).isTrue();
        }
    }

    @Test
    void aClientThatSaysNothingIsClosedInTime() throws IOException {
        try (Wire wire = greeted()) {
            assertErrorOrClose(wire);
        }
        assertCounted();
    }

    @Test
    void aClientThatStopsInTheMiddleOfALoginIsClosedInTime() throws IOException {
        try (Wire wire = greeted()) {
            byte[] frames = Wire.frames(1, plausibleLogin());
            wire.sendRaw(java.util.Arrays.copyOf(frames, frames.length / 2));

            assertErrorOrClose(wire);
        }
        assertCounted();
    }

    @Test
    void aClientWithoutPluginsIsToldSo() throws IOException {
        try (Wire wire = greeted()) {
            int caps = Caps.USUAL & ~Caps.PLUGIN_AUTH;
            wire.send(1, handshake(caps).nul("badinput").int1(0).done());

            assertRefused(wire, NOT_SUPPORTED_AUTH_MODE);
        }
    }

    @Test
    void bytesThatFollowARequestForTlsInTheClearAreNotTaken() throws IOException {
        try (Wire wire = greeted()) {
            byte[] request = handshake(Caps.USUAL | Caps.SSL).done();
            wire.sendRaw(
                    new Bytes()
                            .raw(Wire.frames(1, request))
                            .raw(Wire.frames(2, plausibleLogin()))
                            .done());

            assertErrorOrClose(wire);
        }
        assertCounted();
    }

    @Test
    void garbageInsteadOfTlsIsClosed() throws IOException {
        try (Wire wire = greeted()) {
            wire.send(1, handshake(Caps.USUAL | Caps.SSL).done());
            wire.sendRaw("this is not a client hello".getBytes(UTF_8));

            assertErrorOrClose(wire);
        }
        assertCounted();
    }

    @Test
    void moreClientsThanAllowedAreToldSoAndLeaveRoomAgain() throws IOException {
        List<Wire> open = new ArrayList<>();
        try {
            for (int i = 0; i <= Servers.MAX_CLIENTS; i++) {
                open.add(new Wire(servers.proxied()));
            }
            Packet last = open.getLast().read();

            assertThat(last.isError()).as(last.toString()).isTrue();
            assertThat(last.errno()).isEqualTo(TOO_MANY_CONNECTIONS);
            assertThat(open.getLast().closedAfter(0)).isTrue();
        } finally {
            for (Wire wire : open) {
                wire.close();
            }
        }
        Await.until("there is room again", Duration.ofSeconds(10), this::canLogIn);
        assertCounted();
    }

    @Test
    void clientsThatVanishLeaveNothingBehindAtTheServer() throws IOException {
        int before = serverConnections();
        for (int i = 0; i < 10; i++) {
            RawClient client = new RawClient(servers.proxied(), LOGIN);
            client.send(io.moha.it.raw.Commands.query("SELECT SLEEP(0.2)", LOGIN.caps()));
            client.wire().reset();
        }
        for (int i = 0; i < 50; i++) {
            new Wire(servers.proxied()).reset();
        }

        Await.until(
                "the server's connections are gone",
                Duration.ofSeconds(20),
                () -> serverConnections() <= before);
    }

    @Test
    void mutilatedLoginsNeverHangNorHarm() throws IOException {
        long seed = Long.getLong("moha.it.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] frames = Wire.frames(1, plausibleLogin());
            for (int change = random.nextInt(4); change >= 0; change--) {
                frames[random.nextInt(frames.length)] = (byte) random.nextInt(256);
            }
            try (Wire wire = greeted()) {
                wire.sendRaw(frames);
                wire.shutdownOutput();
                assertThat(wire.closedAfter(5_000)).as("seed " + seed + " case " + i).isTrue();
            } catch (SocketException closed) {
                // The proxy closed while we were still sending: as good an answer as any.
                assertThat(closed).isNotNull();
            }
        }
    }

    private Wire greeted() throws IOException {
        Wire wire = new Wire(servers.proxied());
        assertThat(wire.read().first()).isEqualTo(10);
        return wire;
    }

    private static byte[] plausibleLogin() {
        return handshake(Caps.USUAL)
                .nul("badinput")
                .int1(20)
                .raw(new byte[20])
                .nul("mysql_native_password")
                .done();
    }

    private static Bytes handshake(int caps) {
        return new Bytes().int4(caps).int4(1 << 24).int1(45).raw(new byte[23]);
    }

    private static void assertRefused(Wire wire, int errno) throws IOException {
        Packet answer = wire.read();
        assertThat(answer.isError()).as(answer.toString()).isTrue();
        assertThat(answer.errno()).as(answer.toString()).isEqualTo(errno);
        assertThat(wire.closedAfter(0)).isTrue();
    }

    private static void assertErrorOrClose(Wire wire) throws IOException {
        try {
            Packet answer = wire.read();
            assertThat(answer.isError()).as(answer.toString()).isTrue();
            assertThat(wire.closedAfter(0)).isTrue();
        } catch (EOFException | SocketException closed) {
            // A close without a word is fine; a read that times out is not, and fails the test.
            assertThat(closed).isNotNull();
        }
    }

    private boolean canLogIn() throws IOException {
        try (RawClient client = new RawClient(servers.proxied(), LOGIN)) {
            return client.loginAnswer().isOk();
        }
    }

    private int serverConnections() {
        return servers.mysqld()
                .number(
                        "SELECT COUNT(*) FROM information_schema.processlist"
                                + " WHERE user = 'badinput'");
    }

    private double refused() throws IOException {
        return servers.proxy().http().metric("moha_proxy_login_failures").orElse(0);
    }

    private void assertCounted() {
        Await.until(
                "the refusal is counted", Duration.ofSeconds(5), () -> refused() > refusedBefore);
    }
}
