package io.moha.agent.sim;

import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One life of an agent's process: its threads as fibers, which wait by the machine's clock. It can
 * be killed between any two steps, and paused as by SIGSTOP; what should have run meanwhile runs
 * when it goes on.
 */
final class SimProcess implements Threads {

    private final Simulation sim;
    private final SimHost host;
    private final List<Runnable> deferred = new ArrayList<>();
    private @Nullable Fiber running;
    private boolean alive = true;
    private int pauses;

    SimProcess(Simulation sim, SimHost host) {
        this.sim = sim;
        this.host = host;
    }

    /** Something one fiber waits for. */
    final class Signal implements Wakeup {
        private boolean set;
        private boolean runnable;
        private @Nullable Fiber waiter;

        @Override
        public void wake() {
            set = true;
            goOn();
        }

        @Override
        public void await(Duration limit) {
            boolean _ = waitFor(limit.toNanos());
        }

        /** Whether it was woken within {@code limit} nanoseconds of the machine's clock. */
        boolean waitFor(long limit) {
            if (!set && limit > 0) {
                waiter = running;
                Simulation.Event timer = timer(host.monotonicNanos() + limit);
                Fiber.park();
                timer.cancel();
                waiter = null;
            }
            boolean woken = set;
            set = false;
            return woken;
        }

        private Simulation.Event timer(long deadline) {
            long left = Math.max(1, deadline - host.monotonicNanos());
            Simulation.Event[] event = new Simulation.Event[1];
            Fiber mine = waiter;
            event[0] =
                    sim.in(
                            host.trueNanos(left) + sim.between(1_000, 100_000),
                            () -> {
                                if (waiter != mine) {
                                    return;
                                }
                                if (host.monotonicNanos() < deadline) {
                                    Simulation.Event _ = timer(deadline);
                                } else {
                                    goOn();
                                }
                            });
            return event[0];
        }

        private void goOn() {
            Fiber fiber = waiter;
            if (fiber == null || runnable || !alive) {
                return;
            }
            runnable = true;
            Simulation.Event _ =
                    sim.in(
                            latency(),
                            () ->
                                    run(
                                            () -> {
                                                runnable = false;
                                                step(fiber);
                                            }));
        }
    }

    /** How long it takes until a thread that may run does: now and then, long. */
    private long latency() {
        return sim.oneIn(40)
                ? sim.between(100_000, 30 * Simulation.MS)
                : sim.between(1_000, 60_000);
    }

    /** Something to wait on in this process. */
    Signal signal() {
        return new Signal();
    }

    private void step(Fiber fiber) {
        running = fiber;
        try {
            fiber.resume();
        } finally {
            running = null;
        }
    }

    /** Does {@code body} in this process: now, when it goes on again, or never if it is dead. */
    void run(Runnable body) {
        if (!alive) {
            return;
        }
        if (pauses > 0) {
            deferred.add(body);
        } else {
            body.run();
        }
    }

    /** Whether it lives. */
    boolean isAlive() {
        return alive;
    }

    /** Whether it lives and is not paused. */
    boolean isRunning() {
        return alive && pauses == 0;
    }

    /** SIGKILL: no step of it happens any more. */
    void kill() {
        alive = false;
        deferred.clear();
    }

    /** SIGSTOP. */
    void pause() {
        pauses++;
    }

    /** SIGCONT. */
    void goOn() {
        pauses--;
        if (pauses > 0 || !alive) {
            return;
        }
        List<Runnable> due = new ArrayList<>(deferred);
        deferred.clear();
        for (Runnable body : due) {
            Simulation.Event _ = sim.in(sim.between(1_000, 500_000), () -> run(body));
        }
    }

    @Override
    public Ticker ticker() {
        return () -> new Moment(host.monotonicNanos());
    }

    @Override
    public Wakeup wakeup() {
        return signal();
    }

    @Override
    public Worker worker(String name, Body body) {
        Fiber fiber =
                new Fiber(
                        host.id() + " " + name,
                        () -> {
                            try {
                                body.run();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        return new Worker() {
            @Override
            public void start() {
                Simulation.Event _ =
                        sim.in(sim.between(1_000, 1_000_000), () -> run(() -> step(fiber)));
            }

            @Override
            public void interrupt() {}
        };
    }
}
