package io.moha.proxy.session;

import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.RoutingTable;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a server which owes a response will never give it: its host is gone without having
 * closed the connection, and another server has its place. A server that gave its place away and
 * lives on as a replica may finish what it is doing. Confined to the session's loop.
 */
final class Displacement {

    private static final Logger LOGGER = LoggerFactory.getLogger(Displacement.class);

    /**
     * How long a displaced server may need to be seen as a replica. By plan it is one within a
     * moment, and has ended what its clients were doing; else it is dead, and they wait for this.
     */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final SessionMachine session;
    private final EventLoop loop;
    private @Nullable Future<?> check;
    private boolean probing;

    Displacement(SessionMachine session, EventLoop loop) {
        this.session = session;
        this.loop = loop;
    }

    /** The picture of the cluster has changed. */
    void look() {
        ServerLink link = session.server.link();
        if (check == null && !probing && link != null && isOverdue(link)) {
            check = loop.schedule(() -> confirm(link), GRACE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void confirm(ServerLink link) {
        check = null;
        if (!session.server.holds(link) || !isOverdue(link)) {
            return;
        }
        BackendLoginRequest request = session.loginRequest();
        if (isDisplaced(link.backend(), session.table())) {
            lost(link, "another server has its place");
        } else if (request != null) {
            probing = true;
            // Its agent may be gone alone, or it may have to be made anew while it still reads.
            var _ =
                    session.dependencies()
                            .connector()
                            .connect(
                                    loop,
                                    link.backend(),
                                    request,
                                    new ServerProbe(there -> onProbed(link, there)));
        }
    }

    private void onProbed(ServerLink link, boolean there) {
        probing = false;
        if (!there) {
            lost(link, "it cannot be reached");
        }
    }

    private void lost(ServerLink link, String why) {
        if (session.server.holds(link)) {
            LOGGER.atInfo()
                    .addKeyValue("session", session.id())
                    .addKeyValue("node", link.backend().node())
                    .addKeyValue("reason", why)
                    .log("server that owes a response is lost");
            session.onServerLost(link);
        }
    }

    private boolean isOverdue(ServerLink link) {
        RoutingTable table = session.table();
        return !link.exchanges.isEmpty()
                && (isDisplaced(link.backend(), table) || isMissing(link.backend(), table));
    }

    /** Whether a replica is none any more, as far as is known. */
    private static boolean isMissing(Backend server, RoutingTable table) {
        Backend primary = table.primary();
        return server.role() == Backend.Role.REPLICA
                && table.replica(server.node()) == null
                && (primary == null || !primary.node().equals(server.node()));
    }

    /** Whether {@code server} has lost its place and is not known to live on in another. */
    static boolean isDisplaced(Backend server, RoutingTable table) {
        Backend primary = table.servingPrimary();
        return server.role() == Backend.Role.PRIMARY
                && primary != null
                && primary.epoch() > server.epoch()
                && !primary.node().equals(server.node())
                && table.replica(server.node()) == null;
    }

    /** The session is over. */
    void cancel() {
        if (check != null) {
            check.cancel(false);
            check = null;
        }
    }
}
