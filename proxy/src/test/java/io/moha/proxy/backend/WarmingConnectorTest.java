package io.moha.proxy.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.routing.Backend;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmingConnectorTest {

    private static final Backend SERVER =
            new Backend(
                    "n1", InetSocketAddress.createUnresolved("n1", 3306), 1, Backend.Role.PRIMARY);
    private static final ErrPacket DENIED = ErrPacket.of(ErrorCode.ACCESS_DENIED);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<BackendLoginListener> running = new ArrayList<>();
    private final WarmingConnector connector = new WarmingConnector(this::connect);

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void othersOfAnAccountFollowTheFirst() {
        List<Told> told = List.of(login("app", "pw"), login("app", "pw"), login("app", "pw"));
        assertThat(running).hasSize(1);

        ready(running.getFirst());

        assertThat(running).hasSize(3);
        assertThat(told.getFirst().ready).isTrue();
    }

    @Test
    void otherAccountsAreNotHeldUp() {
        login("app", "pw");
        login("other", "pw");

        assertThat(running).hasSize(2);
    }

    @Test
    void warmAccountNeedsNoTurn() {
        login("app", "pw");
        ready(running.getFirst());

        login("app", "pw");
        login("app", "pw");

        assertThat(running).hasSize(3);
    }

    @Test
    void rejectedPasswordIsNotTriedForOthers() {
        Told first = login("app", "old");
        Told same = login("app", "old");
        Told other = login("app", "new");

        running.getFirst().onRefused(DENIED);
        channel.runPendingTasks();

        assertThat(first.error).isEqualTo(DENIED);
        assertThat(same.error).isEqualTo(DENIED);
        assertThat(other.error).isNull();
        assertThat(running).hasSize(2);
    }

    @Test
    void nextOneGoesWhenTheFirstCannot() {
        login("app", "pw");
        login("app", "pw");

        running.getFirst().onUnreachable(new IOException("gone"));

        assertThat(running).hasSize(2);
    }

    @Test
    void abandonedLoginGivesItsTurnAway() {
        BackendConnector.Attempt first =
                connector.connect(channel.eventLoop(), SERVER, request("app", "pw"), new Told());
        login("app", "pw");

        first.abandon();

        assertThat(running).hasSize(2);
    }

    @Test
    void abandonedLoginIsNotStartedWhenItsTurnComes() {
        login("app", "pw");
        BackendConnector.Attempt second =
                connector.connect(channel.eventLoop(), SERVER, request("app", "pw"), new Told());
        second.abandon();

        ready(running.getFirst());

        assertThat(running).hasSize(1);
    }

    private BackendConnector.Attempt connect(
            EventLoop loop,
            Backend target,
            BackendLoginRequest request,
            BackendLoginListener listener) {
        running.add(listener);
        return () -> {};
    }

    private Told login(String user, String password) {
        Told told = new Told();
        connector.connect(channel.eventLoop(), SERVER, request(user, password), told);
        return told;
    }

    private static BackendLoginRequest request(String user, String password) {
        return new BackendLoginRequest(
                user,
                new BackendAuth.Password(Credentials.seal(password.getBytes(UTF_8))),
                null,
                255,
                0,
                ConnectAttributes.NONE,
                true);
    }

    private void ready(BackendLoginListener listener) {
        listener.onReady(
                new BackendConnection(channel, SERVER, 0, 1, "9.7.4", false, OkPacket.of(2)));
        channel.runPendingTasks();
    }

    private static final class Told implements BackendLoginListener {

        private boolean ready;
        private @Nullable ErrPacket error;

        @Override
        public void onReady(BackendConnection connection) {
            ready = true;
        }

        @Override
        public void onRefused(ErrPacket refusal) {
            error = refusal;
        }

        @Override
        public void onUnreachable(Throwable cause) {
            // What comes of it is seen in who runs next.
        }
    }
}
