package io.moha.proxy.session;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.move.MoveListener;
import io.moha.proxy.move.MovedSession;
import io.moha.proxy.move.SessionMove;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.RouteDecision;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a server for a session that has commands waiting and nowhere to send them: one attempt
 * at a time, again after a pause when nobody answers, until hold.maxWait is over.
 */
final class ServerSearch implements MoveListener {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServerSearch.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    /** ER_SERVER_OFFLINE_MODE. */
    private static final int OFFLINE_MODE = 3032;

    /** Refusals that say nothing about the account and pass by themselves. */
    private static final Set<Integer> PASSING =
            Set.of(
                    ErrorCode.CONNECTION_COUNT.number(),
                    ErrorCode.TOO_MANY_USER_CONNECTIONS.number(),
                    ErrorCode.SERVER_SHUTDOWN.number(),
                    OFFLINE_MODE);

    private final SessionMachine session;
    private final SessionDependencies dependencies;
    private final EventLoop loop;
    private @Nullable SessionMove move;
    private @Nullable Backend target;
    private @Nullable Future<?> pause;
    private @Nullable Future<?> deadline;
    private Duration nextPause = FIRST_PAUSE;

    ServerSearch(SessionMachine session, SessionDependencies dependencies, EventLoop loop) {
        this.session = session;
        this.dependencies = dependencies;
        this.loop = loop;
    }

    /** A command began to wait; if none waited before, its time starts now. */
    void startWaiting() {
        if (deadline == null) {
            long nanos = dependencies.hold().maxWait().toNanos();
            deadline = loop.schedule(this::onDeadline, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void onDeadline() {
        deadline = null;
        session.close(CloseCause.HOLD_EXPIRED);
    }

    /** Nothing waits any more. */
    void stopWaiting() {
        deadline = cancel(deadline);
    }

    /** Looks for a server, unless that goes on already with a target that is still right. */
    void start() {
        if (move != null && target != null && !session.table().stillValid(target)) {
            abandonMove();
        }
        if (move == null && pause == null) {
            attempt();
        }
    }

    private void attempt() {
        BackendLoginRequest request = session.loginRequest();
        if (request == null) {
            session.close(CloseCause.UNMOVABLE_COMMAND);
            return;
        }
        RouteDecision decision = dependencies.router().decide(session.route(), session.table());
        switch (decision) {
            case RouteDecision.To(Backend backend) -> {
                target = backend;
                move =
                        SessionMove.start(
                                dependencies.connector(),
                                loop,
                                backend,
                                session.picture(request),
                                this);
            }
            // The next picture brings the session back here.
            case RouteDecision.Hold _, RouteDecision.Refuse _ -> {}
        }
    }

    @Override
    public void onMoved(MovedSession moved) {
        move = null;
        if (session.table().stillValid(moved.connection().backend())) {
            nextPause = FIRST_PAUSE;
            session.attach(moved);
        } else {
            moved.connection().channel().close();
            session.gate.pursue();
        }
    }

    @Override
    public void onRefused(ErrPacket error) {
        move = null;
        if (PASSING.contains(error.number())) {
            tryLater();
            return;
        }
        LOGGER.atWarn()
                .addKeyValue("session", session.id())
                .addKeyValue("node", target == null ? "" : target.node())
                .addKeyValue("error", error)
                .log("server refused the login of a session that has to move");
        session.close(CloseCause.LOGIN_REFUSED);
    }

    @Override
    public void onUnreachable(Throwable cause) {
        move = null;
        if (target != null) {
            dependencies.routing().suspect(target);
        }
        tryLater();
    }

    @Override
    public void onNotRestored(int errorNumber) {
        move = null;
        if (PASSING.contains(errorNumber)) {
            tryLater();
            return;
        }
        LOGGER.atWarn()
                .addKeyValue("session", session.id())
                .addKeyValue("node", target == null ? "" : target.node())
                .addKeyValue("errorNumber", errorNumber)
                .log("server refused a part of a session's state");
        session.close(CloseCause.NOT_RESTORED);
    }

    private void tryLater() {
        pause =
                loop.schedule(
                        () -> {
                            pause = null;
                            session.gate.pursue();
                        },
                        nextPause.toNanos(),
                        TimeUnit.NANOSECONDS);
        Duration doubled = nextPause.multipliedBy(2);
        nextPause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Stops everything; the session is over. */
    void cancel() {
        deadline = cancel(deadline);
        pause = cancel(pause);
        abandonMove();
    }

    private void abandonMove() {
        if (move != null) {
            move.abandon();
            move = null;
        }
    }

    private static @Nullable Future<?> cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }
}
