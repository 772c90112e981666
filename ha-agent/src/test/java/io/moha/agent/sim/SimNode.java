package io.moha.agent.sim;

import io.moha.agent.SimulatedAgent;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.state.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A machine with its guard, its mysqld and its agent, and what can happen to them. */
final class SimNode {

    /** Every server's port. */
    static final int PORT = 3306;

    private static final String HOSTS = "10.0.0.";

    /** Starts an agent in a process. */
    interface AgentStarter {
        SimulatedAgent start(SimNode node, SimProcess process);
    }

    private final Simulation sim;
    private final SimHost host;
    private final SimMysql mysql;
    private final AgentStarter starter;
    private SimGuard.File guardFile;
    private final Ledger.Disk disk = new SimDisk();
    private @Nullable Ledger ledger;
    private @Nullable SimGuard guard;
    private @Nullable SimProcess process;
    private @Nullable SimulatedAgent agent;
    private long pid;
    private long nextPid = 100;
    private long stuckUntil;
    private long guardStoodUntil;
    private boolean stoodBefore;
    private int mysqldStops;
    private int killedLife = -1;

    SimNode(Simulation sim, SimHost host, SimMysql mysql, AgentStarter starter) {
        this.sim = sim;
        this.host = host;
        this.mysql = mysql;
        this.starter = starter;
        this.guardFile = new SimGuard.File(1, 0, GuardStatus.State.DEAD, 0, 0, 0, 0, 0, "");
    }

    /** The name of machine {@code index} in the network. */
    static String hostName(int index) {
        return HOSTS + (index + 1);
    }

    /** The machine called {@code hostName}. */
    static int indexOf(String hostName) {
        return Integer.parseInt(hostName.substring(HOSTS.length())) - 1;
    }

    int index() {
        return host.index();
    }

    String id() {
        return host.id();
    }

    String address() {
        return hostName(index()) + ":" + PORT;
    }

    SimHost host() {
        return host;
    }

    SimMysql mysql() {
        return mysql;
    }

    /** What the node knows by heart, read anew when its agent starts. */
    Ledger ledger() {
        Ledger open = ledger;
        if (open == null) {
            try {
                open = Ledger.open(disk, "boot " + host.boots(), this::bootMillis);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            ledger = open;
        }
        return open;
    }

    /** Forgets what only memory held. */
    void closeLedger() {
        ledger = null;
    }

    @Nullable SimGuard guard() {
        return guard;
    }

    @Nullable SimProcess process() {
        return process;
    }

    @Nullable SimulatedAgent agent() {
        return agent;
    }

    SimGuard.File guardFile() {
        return guardFile;
    }

    void guardFile(SimGuard.File file) {
        guardFile = file;
    }

    long bootMillis() {
        return host.bootNanos() / Simulation.MS;
    }

    /** The running mysqld's process id; 0 when there is none. */
    long mysqldPid() {
        return pid;
    }

    /** The guard of this node, started if there is none. */
    SimGuard guardOrNew() {
        SimGuard there = guard;
        if (there == null || !there.isAlive()) {
            there = new SimGuard(sim, this);
            guard = there;
        }
        return there;
    }

    /** How long it takes until a killed mysqld is gone. */
    long killTakes() {
        return Math.max(sim.between(1, 20) * Simulation.MS, stuckUntil - sim.now());
    }

    /** mysqld cannot die before {@code nanos} have passed: it waits for its disk. */
    void stickMysqld(long nanos) {
        stuckUntil = sim.now() + nanos;
    }

    /** Whether mysqld is stuck, or was until a moment ago. */
    boolean isStuck() {
        return sim.now() < stuckUntil + Simulation.SECOND;
    }

    long startMysqld() {
        pid = ++nextPid;
        mysqldStops = 0;
        mysql.start();
        sim.note(id() + " mysqld starts");
        return pid;
    }

    /** Whether SIGKILL was sent to this life of mysqld. */
    boolean isBeingKilled() {
        return killedLife == mysql.life();
    }

    void killMysqld(long takes) {
        int life = mysql.life();
        killedLife = life;
        Simulation.Event _ =
                sim.in(
                        takes,
                        () -> {
                            if (mysql.life() == life) {
                                dieNow();
                            }
                        });
    }

    private void dieNow() {
        if (mysql.isUp()) {
            sim.note(id() + " mysqld is gone");
            mysql.die();
            while (mysqldStops > 0) {
                mysqldStops--;
                mysql.goOn();
            }
        }
        pid = 0;
        SimGuard there = guard;
        if (there != null) {
            there.onMysqldEnd();
        }
    }

    void startAgent() {
        SimProcess old = process;
        if (!host.isUp() || (old != null && old.isAlive())) {
            return;
        }
        SimProcess fresh = new SimProcess(sim, host);
        process = fresh;
        sim.note(id() + " agent starts");
        agent = starter.start(this, fresh);
    }

    void killAgent() {
        SimProcess there = process;
        if (there != null) {
            there.kill();
        }
    }

    void killGuard() {
        SimGuard there = guard;
        if (there != null) {
            there.die();
        }
    }

    /** SIGSTOP to the agent; run what is given back to let it go on. */
    Runnable stopAgent() {
        SimProcess there = process;
        if (there == null) {
            return () -> {};
        }
        there.pause();
        return there::goOn;
    }

    /** SIGSTOP to the guard; run what is given back to let it go on. */
    Runnable stopGuard() {
        SimGuard there = guard;
        if (there == null) {
            return () -> {};
        }
        there.pause();
        return () -> {
            there.goOn();
            stoodBefore = true;
            guardStoodUntil = sim.now();
        };
    }

    /** SIGSTOP to mysqld; run what is given back to let it go on. */
    Runnable stopMysqld() {
        if (!mysql.isUp()) {
            return () -> {};
        }
        int life = mysql.life();
        mysql.pause();
        mysqldStops++;
        return () -> {
            if (mysql.life() == life && mysqldStops > 0) {
                mysqldStops--;
                mysql.goOn();
            }
        };
    }

    /** Everything stands still, with the clock too if {@code suspended}. */
    Runnable freeze(boolean suspended) {
        Runnable goOnAgent = stopAgent();
        Runnable goOnGuard = stopGuard();
        Runnable goOnMysqld = stopMysqld();
        if (suspended) {
            host.suspend();
        }
        int boots = host.boots();
        return () -> {
            if (suspended && boots == host.boots()) {
                host.thaw();
            }
            goOnGuard.run();
            goOnMysqld.run();
            goOnAgent.run();
        };
    }

    /** Whether the guard does not, or did not until a moment ago, do its work. */
    boolean isGuardImpaired() {
        SimGuard there = guard;
        boolean stands = there != null && there.isAlive() && !there.isRunning();
        return stands || (stoodBefore && sim.now() - guardStoodUntil < 200 * Simulation.MS);
    }

    /** The power is gone. */
    void crash() {
        host.powerOff();
        killAgent();
        SimGuard there = guard;
        if (there != null) {
            there.die();
        }
        dieNow();
    }

    /** The machine boots again. */
    void boot() {
        if (!host.isUp()) {
            host.powerOn();
            guard = null;
            stoodBefore = false;
            startAgent();
        }
    }
}
