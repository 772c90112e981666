package io.moha.agent.sim;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.guard.GuardStatus.State;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One life of the guard's process, mysqld's parent: the rules of guard.sh. It looks at the deadline
 * before it obeys an order, and its own end is mysqld's.
 */
final class SimGuard {

    // Coarser than the real one: its deadline and mysqld's end are events of their own here.
    private static final long TICK = 400 * Simulation.MS;

    private final Simulation sim;
    private final SimNode node;
    private final Queue<Runnable> orders = new ArrayDeque<>();
    private boolean alive = true;
    private int pauses;
    private State state = State.DEAD;
    private long pid;
    private long deadline;
    private String why = "";
    private long answered;
    private boolean listening;
    private @Nullable Runnable listener;

    /** A guard of {@code node}, which goes on with what an earlier one left behind there. */
    SimGuard(Simulation sim, SimNode node) {
        this.sim = sim;
        this.node = node;
        publish();
        tick();
    }

    /** What it wrote down for the next guard and for agents. */
    record File(
            int boot,
            long answered,
            State state,
            long pid,
            long incarnation,
            long deadline,
            long epoch,
            long fenced,
            String exit) {

        static final File NOTHING = new File(0, 0, State.UNREACHABLE, 0, 0, 0, 0, 0, "");

        GuardStatus status() {
            return new GuardStatus(state, pid, incarnation, deadline, epoch, fenced, exit);
        }
    }

    boolean isAlive() {
        return alive;
    }

    boolean isRunning() {
        return alive && pauses == 0;
    }

    /** When it kills, on the boot clock; 0 for never. */
    long deadline() {
        return deadline;
    }

    /** The highest epoch it has seen. */
    long epoch() {
        return node.guardFile().epoch();
    }

    /** Has {@code told} hear of every report it writes. */
    void listen(@Nullable Runnable told) {
        listener = told;
    }

    /** SIGKILL: mysqld gets it, too. */
    void die() {
        if (!alive) {
            return;
        }
        alive = false;
        node.killMysqld(sim.between(1, 5) * Simulation.MS);
    }

    void pause() {
        pauses++;
    }

    void goOn() {
        pauses--;
        wake();
    }

    /** An order arrives in its FIFO. */
    void order(long number, Runnable body) {
        orders.add(
                () -> {
                    answered = number;
                    body.run();
                });
        wake();
    }

    private void wake() {
        if (listening || !isRunning()) {
            return;
        }
        listening = true;
        Simulation.Event _ =
                sim.in(
                        sim.between(50_000, 3 * Simulation.MS),
                        () -> {
                            listening = false;
                            loop();
                        });
    }

    private void tick() {
        long left = deadline == 0 ? TICK : deadline * Simulation.MS - node.host().bootNanos();
        long wait = Math.max(Simulation.MS, Math.min(TICK, left));
        Simulation.Event _ =
                sim.in(
                        node.host().trueNanos(wait) + sim.between(0, 45 * Simulation.MS),
                        () -> {
                            if (alive) {
                                loop();
                                tick();
                            }
                        });
    }

    /** mysqld ended; the guard notices at its next look. */
    void onMysqldEnd() {
        wake();
    }

    private void loop() {
        if (!isRunning()) {
            return;
        }
        checkProcess();
        checkDeadline();
        Runnable order = orders.poll();
        if (order != null) {
            order.run();
            checkDeadline();
            publish();
            if (!orders.isEmpty()) {
                wake();
            }
        }
    }

    private void checkProcess() {
        if (state != State.DEAD && node.mysqldPid() != pid) {
            state = State.DEAD;
            pid = 0;
            why = why.isEmpty() ? "signal 9" : "signal 9: " + why;
            publish();
        }
    }

    private void checkDeadline() {
        if (deadline > 0 && node.bootMillis() >= deadline) {
            slay(epoch(), "the lease ran out");
            publish();
        }
    }

    private void slay(long ofEpoch, String reason) {
        File file = node.guardFile();
        long fenced = Math.max(file.fenced(), ofEpoch);
        deadline = 0;
        node.guardFile(
                new File(
                        file.boot(),
                        file.answered(),
                        file.state(),
                        file.pid(),
                        file.incarnation(),
                        0,
                        file.epoch(),
                        fenced,
                        file.exit()));
        if (state == State.DEAD) {
            return;
        }
        if (sim.tracing()) {
            sim.note(node.host().id() + " guard kills mysqld: " + reason);
        }
        node.killMysqld(node.killTakes());
        if (state != State.DYING) {
            state = State.DYING;
            why = reason;
            publish();
        }
    }

    /** Starts mysqld, if there is none. */
    void startMysqld() {
        if (state == State.DEAD && node.mysqldPid() == 0) {
            pid = node.startMysqld();
            state = State.RUNNING;
            deadline = 0;
            why = "";
            publish(node.guardFile().incarnation() + 1, epoch());
        }
    }

    /** An order of the agent's. */
    void extend(long ofEpoch, long until) {
        if (ofEpoch < epoch() || ofEpoch <= node.guardFile().fenced()) {
            return;
        }
        if (ofEpoch > epoch() || until > deadline) {
            deadline = until;
            publish(node.guardFile().incarnation(), ofEpoch);
        }
    }

    /** An order of the agent's. */
    void disarm(long ofEpoch) {
        if (ofEpoch >= epoch()) {
            deadline = 0;
            publish(node.guardFile().incarnation(), ofEpoch);
        }
    }

    /** An order of the agent's. */
    void kill(long ofEpoch, String reason) {
        publish(node.guardFile().incarnation(), Math.max(epoch(), ofEpoch));
        slay(ofEpoch, reason);
    }

    private void publish() {
        publish(node.guardFile().incarnation(), epoch());
    }

    private void publish(long incarnation, long epoch) {
        node.guardFile(
                new File(
                        node.host().boots(),
                        answered,
                        state,
                        pid,
                        incarnation,
                        deadline,
                        epoch,
                        node.guardFile().fenced(),
                        why));
        Runnable told = listener;
        if (told != null) {
            told.run();
        }
    }
}
