package io.moha.agent.sim;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlException.Kind;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An agent's connection to its server: each statement travels, happens in the server, and its
 * answer travels back, all of which the agent's fiber waits for. A statement that was given up may
 * still happen.
 */
final class SimConnection {

    private final Simulation sim;
    private final SimProcess process;
    private final SimMysql server;
    private int life = -1;

    SimConnection(Simulation sim, SimProcess process, SimMysql server) {
        this.sim = sim;
        this.process = process;
        this.server = server;
    }

    /** What a statement does; it answers now or later, once. */
    interface Statement<T> {
        void run(Reply<T> reply) throws MysqlException;
    }

    /** How a statement ends. */
    final class Reply<T> {
        private final SimProcess.Signal arrived = process.signal();
        private boolean given;
        private boolean done;
        private @Nullable T value;
        private @Nullable MysqlException failure;

        /** It succeeded with {@code result}. */
        void ok(T result) {
            answer(
                    () -> {
                        value = result;
                        done = true;
                    });
        }

        /** It failed. */
        void fail(Kind kind, String message) {
            answer(() -> failure = new MysqlException(kind, message, null));
        }

        private void answer(Runnable what) {
            if (given) {
                return;
            }
            given = true;
            Simulation.Event _ =
                    sim.in(
                            sim.between(10_000, 150_000),
                            () ->
                                    process.run(
                                            () -> {
                                                what.run();
                                                arrived.wake();
                                            }));
        }
    }

    /** Does {@code statement}, waiting for its answer for {@code limit} nanoseconds. */
    <T> T execute(long limit, Statement<T> statement) throws MysqlException {
        Reply<T> reply = new Reply<>();
        if (life != server.life()) {
            // The old connection broke with the old process; a new one is made.
            life = server.life();
        }
        int mine = life;
        Simulation.Event _ =
                sim.in(sim.between(10_000, 150_000), () -> arrive(mine, reply, statement));
        boolean answered = reply.arrived.waitFor(limit);
        if (!answered) {
            reply.given = true;
            throw new MysqlException(Kind.TIMEOUT, "no answer in time", null);
        }
        if (reply.failure != null) {
            throw reply.failure;
        }
        T value = reply.value;
        if (!reply.done || value == null) {
            throw new IllegalStateException("answered without a value");
        }
        return value;
    }

    private <T> void arrive(int of, Reply<T> reply, Statement<T> statement) {
        if (!server.isAccepting() || server.life() != of) {
            reply.fail(Kind.UNREACHABLE, "connection refused");
            return;
        }
        server.onDeath(() -> reply.fail(Kind.UNREACHABLE, "connection reset"));
        server.act(
                of,
                () -> {
                    try {
                        statement.run(reply);
                    } catch (MysqlException e) {
                        reply.fail(e.kind(), String.valueOf(e.getMessage()));
                    }
                });
    }

    /** A statement that answers at once with what {@code body} does. */
    <T> T at(long limit, Body<T> body) throws MysqlException {
        return execute(limit, reply -> reply.ok(body.run()));
    }

    /** Something done in the server. */
    interface Body<T> {
        T run() throws MysqlException;
    }

    /** Does {@code body} in the server, which gives nothing back. */
    void does(long limit, Runnable body) throws MysqlException {
        Boolean _ =
                at(
                        limit,
                        () -> {
                            body.run();
                            return true;
                        });
    }

    /** Calls {@code body} in the server in {@code delay} nanoseconds, if it lives so long. */
    void later(long delay, Consumer<SimMysql> body) {
        int of = life;
        Simulation.Event _ = sim.in(delay, () -> server.act(of, () -> body.accept(server)));
    }
}
