package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
import io.moha.protocol.response.TrackerWishes;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.proxy.move.RestorePlan;
import io.moha.proxy.move.TrackerSettings;
import io.moha.proxy.statement.StatementTrait;
import io.netty.buffer.ByteBuf;

/**
 * Keeps the server reporting what the proxy needs, whatever the client does to the settings, and
 * keeps the client's own settings as wishes by which its OK packets are filtered.
 */
final class TrackerKeeper {

    private final ClientLink client;
    private boolean refused;

    TrackerKeeper(ClientLink client) {
        this.client = client;
    }

    /** Sends the proxy's settings; nothing is flushed. */
    void assertOn(ServerLink link) {
        send(
                link,
                TrackerSettings.ASSERT,
                // An expired password allows nothing but its change: tried again after that.
                (ok, _) -> refused = !ok);
        send(link, TrackerSettings.CLEAR_WARNINGS, (_, _) -> {});
    }

    /** The session was reset, and with it all settings. */
    void onReset(ServerLink link) {
        client.wishes = client.defaultWishes();
        assertOn(link);
    }

    /** A statement with {@code traits} has succeeded. */
    void onResponse(ServerLink link, int traits) {
        boolean touched = (traits & StatementTrait.TRACKERS) != 0;
        if (touched) {
            send(link, TrackerSettings.READ, this::onRead);
        }
        if (touched || refused) {
            refused = false;
            assertOn(link);
        }
    }

    private static void send(ServerLink link, String sql, OwnReply reply) {
        byte[] argument = RestorePlan.queryArgument(sql, link.connection.capabilities());
        link.sendOwn(Command.QUERY, argument, reply);
    }

    private void onRead(boolean ok, ByteBuf packets) {
        ByteBuf row = ok ? ResponsePath.lastButOne(packets) : null;
        if (row == null || !client.wishes.tracks()) {
            return;
        }
        client.wishes = TrackerWishes.of(text(row), text(row), text(row), text(row), text(row));
    }

    private static String text(ByteBuf row) {
        try {
            return LengthEncoded.readString(row, UTF_8);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedPacketException("a row ends too early");
        }
    }
}
