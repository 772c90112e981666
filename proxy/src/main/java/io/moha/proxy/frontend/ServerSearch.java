package io.moha.proxy.frontend;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RouteDecision;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server for one login and logs in there: waits while there is none, tries the next one
 * when one cannot be reached or has lost its place before it answered, and gives up after a bounded
 * time. What a server answers about the login itself is final. Confined to one event loop.
 */
final class ServerSearch implements BackendLoginListener {

    /** Told once how the search ended, unless it is cancelled. */
    interface Listener {

        /** Logged in; see {@link BackendLoginListener#onReady}. */
        void onReady(BackendConnection connection);

        /** A server said no. */
        void onRefused(ErrPacket error);

        /** There was no server in time. */
        void onNoServer(String reason);
    }

    private static final Duration RETRY_DELAY = Duration.ofMillis(100);

    private final LoginServices services;
    private final EventLoop loop;
    private final Route route;
    private final Supplier<BackendLoginRequest> request;
    private final BooleanSupplier mayRetry;
    private final Listener listener;
    private BackendConnector.@Nullable Attempt attempt;
    private @Nullable Backend target;
    private Routing.@Nullable Registration registration;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ScheduledFuture<?> retry;
    private String reason = "";
    private boolean ended;

    /**
     * @param request the login, asked for before each attempt
     * @param mayRetry whether the login can still be tried once more
     */
    ServerSearch(
            LoginServices services,
            EventLoop loop,
            Route route,
            Supplier<BackendLoginRequest> request,
            BooleanSupplier mayRetry,
            Listener listener) {
        this.services = services;
        this.loop = loop;
        this.route = route;
        this.request = request;
        this.mayRetry = mayRetry;
        this.listener = listener;
    }

    /** Begins; the listener may be told before this returns. */
    void begin() {
        look(services.servers().routing().current());
        if (!ended) {
            listen();
        }
    }

    /** Ends the search without telling the listener. */
    void cancel() {
        end();
        abandonAttempt();
    }

    private void abandonAttempt() {
        if (attempt != null) {
            attempt.abandon();
            attempt = null;
        }
    }

    private void look(RoutingTable table) {
        if (attempt != null && isOutdated(table)) {
            // A host that is cut off takes connections, and may say nothing for as long as a login
            // may take at all, while another server has its place already.
            abandonAttempt();
        }
        if (ended || attempt != null) {
            return;
        }
        switch (services.servers().chooser().choose(route, table)) {
            case RouteDecision.To(Backend backend) -> {
                target = backend;
                attempt =
                        services.servers().connector().connect(loop, backend, request.get(), this);
            }
            case RouteDecision.Hold(String why) -> {
                if (await(why)) {
                    // What changed before the subscription was not delivered.
                    look(services.servers().routing().current());
                }
            }
            case RouteDecision.Refuse(String why) -> giveUp(why);
        }
    }

    /** Whether the server that is asked has lost its place, and another may still be asked. */
    private boolean isOutdated(RoutingTable table) {
        return target != null && !table.stillValid(target) && mayRetry.getAsBoolean();
    }

    /** Returns whether pictures are subscribed to only since now. */
    private boolean await(String why) {
        reason = why;
        if (deadline == null) {
            deadline =
                    loop.schedule(
                            () -> giveUp(reason),
                            services.limits().hold().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
        return listen();
    }

    /** Subscribes to pictures; false when that was done before. */
    private boolean listen() {
        if (registration != null) {
            return false;
        }
        registration = services.servers().routing().subscribe(loop, this::look);
        return true;
    }

    private void giveUp(String why) {
        if (!ended) {
            cancel();
            listener.onNoServer(why);
        }
    }

    private void end() {
        ended = true;
        if (registration != null) {
            registration.close();
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (retry != null) {
            retry.cancel(false);
        }
    }

    @Override
    public void onReady(BackendConnection connection) {
        end();
        listener.onReady(connection);
    }

    @Override
    public void onRefused(ErrPacket error) {
        // A server on its way down refuses everybody, which says nothing about this login.
        if (error.number() == ErrorCode.SERVER_SHUTDOWN.number()) {
            tryAgain("the server is shutting down");
        } else {
            end();
            listener.onRefused(error);
        }
    }

    @Override
    public void onUnreachable(Throwable cause) {
        tryAgain(String.valueOf(cause.getMessage()));
    }

    private void tryAgain(String why) {
        attempt = null;
        if (target != null) {
            services.servers().routing().suspect(target);
        }
        if (!mayRetry.getAsBoolean()) {
            giveUp(why);
            return;
        }
        retry =
                loop.schedule(
                        () -> look(services.servers().routing().current()),
                        RETRY_DELAY.toMillis(),
                        TimeUnit.MILLISECONDS);
        await(why);
    }
}
