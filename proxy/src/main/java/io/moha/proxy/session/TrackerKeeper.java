package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
import io.moha.protocol.response.TrackerWishes;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.proxy.move.RestorePlan;
import io.moha.proxy.move.TrackerSettings;
import io.moha.proxy.statement.AssignedVariables;
import io.moha.proxy.statement.StatementKind;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the server reporting what the proxy needs, and lets the client set and read the trackers as
 * if they were its own. A statement about them runs alone and under the client's settings, which
 * the connection is lent for it; afterwards what the statement has made of them is read, and the
 * proxy's settings are put back.
 *
 * <pre>
 * client                        server
 * SET session_track_…    ->     the client's settings      (lent)
 *                               SET session_track_…
 *                 OK  <-
 *                               read settings and variables
 *                               the proxy's settings       (not lent)
 * next command           ->     next command
 * </pre>
 *
 * After a statement that left something to ask for (warnings, an error, FOUND_ROWS of what was
 * shown) all this waits for the next command that does not ask.
 */
final class TrackerKeeper {

    private static final int NULL = 0xFB;

    private final ClientLink client;
    private final SessionMemory memory;
    private TrackerSettings settings = TrackerSettings.UNTOUCHED;
    private String asserted = "";
    private boolean refused;

    /** Whether the statement under the client's settings may change the session. */
    private boolean changing;

    /** Variables that it may set, and of which the server need not have told. */
    private final TreeSet<String> assigned = new TreeSet<>();

    TrackerKeeper(ClientLink client, SessionMemory memory) {
        this.client = client;
        this.memory = memory;
    }

    /** What the client has set. */
    TrackerSettings settings() {
        return settings;
    }

    /**
     * A session begins, on a new connection or by a reset: sends the proxy's settings; nothing is
     * flushed.
     */
    void begin(ServerLink link) {
        settings = TrackerSettings.UNTOUCHED;
        client.wishes = client.defaultWishes();
        link.lent = false;
        if (client.wishes.tracks()) {
            // The server's own defaults are what the client begins with.
            send(link, TrackerSettings.READ, (ok, packets) -> onDefaults(link, ok, packets));
        }
        assertOn(link);
    }

    private void onDefaults(ServerLink link, boolean ok, ByteBuf packets) {
        noteSettings(ok, packets);
        if (!settings.assertion().equals(asserted)) {
            assertOn(link);
        }
    }

    private void assertOn(ServerLink link) {
        asserted = settings.assertion();
        // An expired password allows nothing but its change: tried again after that.
        send(link, asserted, (ok, _) -> refused = !ok);
        send(link, TrackerSettings.CLEAR_WARNINGS, OwnReply.IGNORED);
    }

    /**
     * A statement comes that is about trackers: gives the server the client's settings. Nothing is
     * outstanding.
     *
     * @param sql its text; null for a reset, which brings settings of its own
     */
    void lend(ServerLink link, @Nullable String sql) {
        if (!link.lent) {
            changing = false;
            assigned.clear();
            if (sql != null) {
                send(link, settings.restoration(memory.tablesLocked()), OwnReply.IGNORED);
            }
        }
        link.lent = true;
        link.approvedBy = null;
        if (sql != null && StatementKind.of(sql) != StatementKind.REPEATABLE) {
            changing = true;
            AssignedVariables.in(sql).ifPresentOrElse(assigned::addAll, memory::onUnexplained);
        }
    }

    /**
     * A statement under the client's settings was answered.
     *
     * @param asking whether the client may ask what the statement left
     */
    void onLentResponse(ServerLink link, boolean asking) {
        if (changing) {
            memory.onUnread(true);
            if (!asking) {
                takeBack(link);
            }
        }
    }

    /**
     * Puts the proxy's settings back.
     *
     * @return whether a command may follow at once, and not only after the server's answer
     */
    boolean takeBack(ServerLink link) {
        if (!changing) {
            finish(link);
            return true;
        }
        List<String> unread = TrackerSettings.tracked(assigned);
        if (!unread.isEmpty()) {
            String sql = TrackerSettings.readVariables(unread);
            send(link, sql, (ok, packets) -> onVariables(unread, ok, packets));
        }
        send(
                link,
                TrackerSettings.READ,
                (ok, packets) -> {
                    noteSettings(ok, packets);
                    memory.onUnread(false);
                    finish(link);
                });
        return false;
    }

    /** As {@link #takeBack}, but only when the session could not leave the server before. */
    boolean takeBackBeforeMove(ServerLink link) {
        return link.lent && changing && !takeBack(link);
    }

    private void finish(ServerLink link) {
        link.lent = false;
        changing = false;
        assigned.clear();
        assertOn(link);
    }

    /** A command that is not about trackers has succeeded. */
    void onResponse(ServerLink link) {
        if (refused) {
            refused = false;
            assertOn(link);
        }
    }

    private static void send(ServerLink link, String sql, OwnReply reply) {
        byte[] argument = RestorePlan.queryArgument(sql, link.connection.capabilities());
        link.sendOwn(Command.QUERY, argument, reply);
    }

    private void noteSettings(boolean ok, ByteBuf packets) {
        ByteBuf row = ok ? ResponsePath.lastButOne(packets) : null;
        if (row == null) {
            return;
        }
        String variables = text(row);
        String schema = word(row);
        String stateChange = word(row);
        String transactionInfo = word(row);
        settings = settings.with(variables, schema, stateChange, transactionInfo);
        if (client.wishes.tracks()) {
            // After NULL servers go on with the list before.
            String wanted =
                    variables == null ? String.join(",", client.wishes.variables()) : variables;
            client.wishes = TrackerWishes.of(wanted, schema, stateChange, transactionInfo);
        }
        memory.onSchema(word(row));
        memory.onOwnChangesEnd();
    }

    private void onVariables(List<String> names, boolean ok, ByteBuf packets) {
        ByteBuf row = ok ? ResponsePath.lastButOne(packets) : null;
        if (row == null) {
            memory.onUnexplained();
            return;
        }
        names.forEach(name -> memory.onVariable(name, word(row)));
        memory.onOwnChangesEnd();
    }

    /** The next value of {@code row}, empty for NULL. */
    private static String word(ByteBuf row) {
        String text = text(row);
        return text == null ? "" : text;
    }

    private static @Nullable String text(ByteBuf row) {
        try {
            if (row.getUnsignedByte(row.readerIndex()) == NULL) {
                row.skipBytes(1);
                return null;
            }
            return LengthEncoded.readString(row, UTF_8);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedPacketException("a row ends too early");
        }
    }
}
