package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
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
 * client may. Only for sessions of this process that are on the same server; any other number goes
 * on as it is.
 */
final class Kills {

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
        if (exchange.command == Command.PROCESS_KILL) {
            SessionMachine target = target(in.getUnsignedIntLE(start + 1), link);
            if (target != null) {
                announce(target, exchange);
                in.setIntLE(start + 1, (int) target.server.connectionId());
            }
            return null;
        }
        int text = QueryText.start(in, start, end, client.login.capabilities());
        Optional<KillStatement> kill = KillStatement.of(in.toString(text, end - text, UTF_8));
        if (kill.isEmpty()) {
            return null;
        }
        SessionMachine target = target(kill.get().id(), link);
        if (target == null) {
            return null;
        }
        if (!kill.get().query()) {
            announce(target, exchange);
        }
        return query(kill.get().withId(target.server.connectionId()));
    }

    private @Nullable SessionMachine target(long id, ServerLink link) {
        SessionMachine target = ConnectionIds.isProxyId(id) ? registry.find(id) : null;
        return target != null && link.backend().node().equals(target.server.node()) ? target : null;
    }

    /**
     * The end of the target's server connection must not look like a loss to it, or it would go on
     * elsewhere.
     */
    private static void announce(SessionMachine target, Exchange exchange) {
        exchange.killed = target;
        target.execute(() -> target.expectKill(true));
    }

    /** The server has answered a KILL. */
    static void onResponse(SessionMachine target, boolean ok) {
        target.execute(
                () -> {
                    if (ok) {
                        target.close(CloseCause.KILLED);
                    } else {
                        target.expectKill(false);
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
