package io.moha.proxy.admin;

import io.moha.proxy.session.SessionSnapshot;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;

/** The table of SHOW SESSIONS. Pure. */
final class SessionTable {

    private SessionTable() {}

    static ResultTable of(List<SessionSnapshot> sessions) {
        ResultTable table =
                ResultTable.of(
                        "id",
                        "user",
                        "client",
                        "tls",
                        "route",
                        "server",
                        "server_id",
                        "schema",
                        "state",
                        "pinned",
                        "moves",
                        "bytes_in",
                        "bytes_out");
        for (SessionSnapshot session : sessions) {
            table.row(
                    session.id(),
                    session.user(),
                    text(session.address()),
                    session.tls() ? "yes" : "no",
                    session.route().toString().toLowerCase(Locale.ROOT),
                    session.node(),
                    session.node() == null ? null : session.serverConnectionId(),
                    session.schema(),
                    session.state(),
                    session.pinReason(),
                    session.moves(),
                    session.bytesIn(),
                    session.bytesOut());
        }
        return table;
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
    }
}
