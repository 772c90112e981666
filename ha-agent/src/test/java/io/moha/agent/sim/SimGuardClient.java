package io.moha.agent.sim;

import io.moha.agent.guard.Guard;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.guard.GuardStatus.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The agent's side of the {@link SimGuard}: the rules of the real guard client. */
final class SimGuardClient implements Guard {

    private static final long LOOK_EVERY = 150 * Simulation.MS;
    private static final long PING_MS = 500;
    private static final long SILENCE_MS = 1_500;
    private static final long KILL_MYSELF_MS = 300;
    private static final long CLOCK_MS = 10;

    private final Simulation sim;
    private final SimNode node;
    private final SimProcess process;
    private SimGuard guard;
    private GuardStatus status = SimGuard.File.NOTHING.status();
    private Runnable listener = () -> {};
    private long sequence;
    private long answered;
    private long oldestUnanswered;
    private long lastSent;
    private long fencedHere;
    private boolean startWanted;
    private @Nullable PendingKill pendingKill;

    private record PendingKill(long pid, long epoch, long mySelfAt) {}

    SimGuardClient(Simulation sim, SimNode node, SimProcess process) {
        this.sim = sim;
        this.node = node;
        this.process = process;
        // Begins where no earlier agent of this boot can have been.
        this.sequence = node.bootMillis() * 1_000;
        this.answered = sequence;
        this.guard = node.guardOrNew();
        connect();
        send(() -> {});
        look();
        lookLater();
    }

    private void connect() {
        answered = sequence;
        guard.listen(
                () -> {
                    Simulation.Event _ =
                            sim.in(sim.between(100_000, 3_000_000), () -> process.run(this::look));
                });
    }

    private void send(Runnable order) {
        long now = bootMillis();
        lastSent = now;
        if (sequence == answered) {
            oldestUnanswered = now;
        }
        long number = ++sequence;
        if (guard.isAlive()) {
            guard.order(number, order);
        }
    }

    private void lookLater() {
        Simulation.Event _ =
                sim.in(
                        LOOK_EVERY,
                        () -> {
                            if (process.isRunning()) {
                                look();
                            }
                            if (process.isAlive()) {
                                lookLater();
                            }
                        });
    }

    private void look() {
        SimGuard.File report = report();
        if (report.answered() > answered && report.answered() <= sequence) {
            answered = report.answered();
            oldestUnanswered = bootMillis();
        }
        long now = bootMillis();
        publish(judge(report, now));
        finishKill(report, now);
        if (startWanted) {
            start(report);
        }
        if (now - lastSent >= PING_MS) {
            send(() -> {});
        }
    }

    private long silent(long now) {
        return sequence == answered ? 0 : now - oldestUnanswered;
    }

    private boolean gone(long pid) {
        return pid == 0 || node.mysqldPid() != pid;
    }

    private GuardStatus judge(SimGuard.File report, long now) {
        GuardStatus said = report.status();
        boolean lost = !guard.isAlive();
        if (!lost && silent(now) <= SILENCE_MS) {
            return said;
        }
        boolean overdue = said.deadlineMillis() > 0 && now >= said.deadlineMillis();
        if (overdue) {
            fencedHere = Math.max(fencedHere, said.epoch());
        }
        boolean killed = lost || overdue || pendingKill != null;
        if (killed && !gone(report.pid())) {
            node.killMysqld(node.killTakes());
        }
        State state = gone(report.pid()) ? State.DEAD : killed ? State.DYING : State.UNREACHABLE;
        return new GuardStatus(
                state,
                state == State.DEAD ? 0 : said.pid(),
                said.incarnation(),
                state == State.UNREACHABLE ? said.deadlineMillis() : 0,
                said.epoch(),
                Math.max(said.fencedEpoch(), fencedHere),
                said.state() == State.DEAD ? said.exit() : lost ? "the guard ended" : said.exit());
    }

    private void publish(GuardStatus now) {
        if (!now.equals(status)) {
            status = now;
            listener.run();
        }
    }

    private void finishKill(SimGuard.File report, long now) {
        PendingKill kill = pendingKill;
        if (kill == null) {
            return;
        }
        if (gone(kill.pid())) {
            fencedHere = Math.max(fencedHere, kill.epoch());
            pendingKill = null;
        } else if (now >= kill.mySelfAt() && report.state() == State.RUNNING) {
            node.killMysqld(node.killTakes());
        }
    }

    private void start(SimGuard.File report) {
        boolean silent = silent(bootMillis()) > SILENCE_MS;
        if (!guard.isAlive() || (silent && gone(report.pid()))) {
            guard.die();
            guard = node.guardOrNew();
            connect();
            long fenced = fencedHere;
            if (fenced > 0) {
                send(() -> guard.kill(fenced, "before this guard began"));
            }
        } else if (silent) {
            return;
        }
        startWanted = false;
        SimGuard target = guard;
        send(target::startMysqld);
    }

    private SimGuard.File report() {
        SimGuard.File file = node.guardFile();
        return file.boot() == node.host().boots() ? file : SimGuard.File.NOTHING;
    }

    @Override
    public GuardStatus status() {
        return status;
    }

    @Override
    public void onChange(Runnable told) {
        listener = told;
    }

    @Override
    public void startMysqld() {
        startWanted = true;
    }

    @Override
    public void extend(long epoch, long deadlineMillis) {
        SimGuard target = guard;
        send(() -> target.extend(epoch, deadlineMillis));
    }

    @Override
    public void disarm(long epoch) {
        SimGuard target = guard;
        send(() -> target.disarm(epoch));
    }

    @Override
    public void kill(long epoch, String reason) {
        startWanted = false;
        pendingKill = new PendingKill(report().pid(), epoch, bootMillis() + KILL_MYSELF_MS);
        SimGuard target = guard;
        send(() -> target.kill(epoch, reason));
    }

    @Override
    public void shutdown(Duration patience) {
        throw new IllegalStateException("agents are not stopped in order here");
    }

    @Override
    public long bootMillis() {
        return node.bootMillis() / CLOCK_MS * CLOCK_MS;
    }

    @Override
    public void close() {}
}
