package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.frontend.ConnectionIds;
import io.moha.proxy.move.RestorePlan;
import io.moha.proxy.statement.KillStatement;
import io.moha.proxy.statement.QueryText;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes KILL work with the connection ids that clients know, which are the proxy's own: the number
 * is replaced by that of the server's connection behind it, and the server decides whether the
 * client may. A session that is not on the same server is killed from here, for clients of the same
 * user; the server then only says what became of it, so that the answer comes in its turn. Any
 * number that this process does not know goes on as it is, and the server does not know it either.
 */
final class Kills {

    /** Succeeds and does nothing. */
    private static final String SUCCESS = "DO 0";

    private final SessionRegistry registry;
    private final ClientLink client;

    Kills(SessionRegistry registry, ClientLink client) {
        this.registry = registry;
        this.client = client;
    }

    /**
     * Looks at a COM_QUERY that contains a KILL, or a COM_PROCESS_KILL.
     *
     * @param start absolute index of the command byte
     * @param end behind the command, which is whole
     * @return what to send instead, which the caller owns; null to send the command as it is
     */
    @Nullable ByteBuf rewrite(ByteBuf in, int start, int end, ServerLink link, Exchange exchange) {
        Optional<KillStatement> kill;
        if (exchange.command == Command.PROCESS_KILL) {
            kill = Optional.of(new KillStatement(false, in.getUnsignedIntLE(start + 1)));
        } else {
            int text = QueryText.start(in, start, end, client.login.capabilities());
            kill = KillStatement.of(in.toString(text, end - text, UTF_8));
        }
        return kill.map(found -> rewrite(found, link, exchange)).orElse(null);
    }

    private @Nullable ByteBuf rewrite(KillStatement kill, ServerLink link, Exchange exchange) {
        SessionMachine target =
                ConnectionIds.isProxyId(kill.id()) ? registry.find(kill.id()) : null;
        if (target == null) {
            return null;
        }
        String node = target.server.node();
        if (link.backend().node().equals(node)) {
            if (kill.query()) {
                // The server knows nothing of a command that waits.
                target.execute(() -> target.victim.interruptHeld());
            } else {
                announce(target, exchange);
            }
            return query(kill.withId(target.server.connectionId()));
        }
        if (!target.client.login.user().equals(client.login.user())) {
            return query(refusal(kill.id()));
        }
        target.execute(() -> target.victim.onKill(kill.query()));
        return query(SUCCESS);
    }

    /** Does what {@code sql} asks for if it kills a session of this proxy and user. */
    boolean withoutServer(String sql) {
        SessionMachine target =
                KillStatement.of(sql)
                        .map(KillStatement::id)
                        .filter(ConnectionIds::isProxyId)
                        .map(registry::find)
                        .orElse(null);
        if (target == null || !target.client.login.user().equals(client.login.user())) {
            return false;
        }
        boolean query = KillStatement.of(sql).map(KillStatement::query).orElse(true);
        target.execute(() -> target.victim.onKill(query));
        return true;
    }

    private static String refusal(long id) {
        return "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO=%d,MESSAGE_TEXT='%s %d'"
                .formatted(ErrorCode.KILL_DENIED.number(), ErrorCode.KILL_DENIED.message(), id);
    }

    /**
     * The end of the target's server connection must not look like a loss to it, or it would go on
     * elsewhere.
     */
    private static void announce(SessionMachine target, Exchange exchange) {
        exchange.killed = target;
        target.execute(() -> target.victim.expectKill(true));
    }

    /** The server has answered a KILL. */
    static void onResponse(SessionMachine target, boolean ok) {
        target.execute(
                () -> {
                    if (ok) {
                        target.close(CloseCause.KILLED);
                    } else {
                        target.victim.expectKill(false);
                    }
                });
    }

    private ByteBuf query(String sql) {
        byte[] argument = RestorePlan.queryArgument(sql, client.login.capabilities());
        ByteBuf packet = client.channel.alloc().buffer(PacketHeader.SIZE + 1 + argument.length);
        PacketWriter.write(
                packet, 0, out -> out.writeByte(Command.QUERY.code()).writeBytes(argument));
        return packet;
    }
}
