package io.moha.agent.sim;

import org.jspecify.annotations.Nullable;

/** A machine: its clocks, and which of its parts stand still. */
final class SimHost {

    private static final int PPM = 1_000_000;
    private static final long BEGIN_MS = 1_750_000_000_000L;
    private static final long HOUR_MS = 3_600_000;

    private final Simulation sim;
    private final int index;
    private final int ratePpm;
    private long bootedAt;
    private long bootOffset;
    private long suspendedNanos;
    private @Nullable Long suspendedAt;
    private long wallAheadMs;
    private int boots = 1;
    private boolean up = true;

    /** Machine {@code index}, whose clocks gain {@code ratePpm} millionths (or lose, negative). */
    SimHost(Simulation sim, int index, int ratePpm) {
        this.sim = sim;
        this.index = index;
        this.ratePpm = ratePpm;
        this.bootOffset = sim.between(1, 10_000) * Simulation.SECOND;
    }

    /** Which machine, from 0. */
    int index() {
        return index;
    }

    /** The node's id. */
    String id() {
        return "n" + (index + 1);
    }

    /** Whether the machine runs. */
    boolean isUp() {
        return up;
    }

    /** Counts the boots, from 1. */
    int boots() {
        return boots;
    }

    /** The clock that goes on in suspend, in nanoseconds. */
    long bootNanos() {
        return bootOffset + local(sim.now() - bootedAt);
    }

    /** The clock that stops in suspend, in nanoseconds. */
    long monotonicNanos() {
        long asleep = suspendedNanos;
        if (suspendedAt != null) {
            asleep += sim.now() - suspendedAt;
        }
        return bootOffset + local(sim.now() - bootedAt - asleep);
    }

    /** Wall time as it truly is, in milliseconds since 1970. */
    static long trueWallMillis(Simulation sim) {
        return BEGIN_MS + sim.now() / Simulation.MS;
    }

    /** Wall time as this machine has it, in milliseconds since 1970. */
    long wallMillis() {
        return trueWallMillis(sim) + wallAheadMs;
    }

    /** The wall clock jumps, to anything within an hour of the truth. */
    void jumpWall() {
        wallAheadMs = sim.between(-HOUR_MS, HOUR_MS);
    }

    /** How much true time {@code localNanos} on this machine's clocks take. */
    long trueNanos(long localNanos) {
        return localNanos - localNanos / PPM * ratePpm;
    }

    private long local(long trueNanos) {
        return trueNanos + trueNanos / PPM * ratePpm;
    }

    /** The machine is suspended: one of its clocks stops. */
    void suspend() {
        if (suspendedAt == null) {
            suspendedAt = sim.now();
        }
    }

    /** It goes on. */
    void thaw() {
        if (suspendedAt != null) {
            suspendedNanos += sim.now() - suspendedAt;
            suspendedAt = null;
        }
    }

    /** The power is gone. */
    void powerOff() {
        up = false;
    }

    /** The machine boots: its clocks begin anew. */
    void powerOn() {
        up = true;
        boots++;
        bootedAt = sim.now();
        bootOffset = sim.between(1, 20) * Simulation.SECOND;
        suspendedNanos = 0;
        suspendedAt = null;
    }
}
