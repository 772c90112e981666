package io.moha.agent.sim;

import io.moha.agent.guard.Guard;
import io.moha.agent.guard.GuardStatus;
import java.time.Duration;

/** A guard's client that does or says something else. */
class LyingGuard implements Guard {

    /** The one that it stands in for. */
    protected final Guard real;

    LyingGuard(Guard real) {
        this.real = real;
    }

    @Override
    public GuardStatus status() {
        return real.status();
    }

    @Override
    public void onChange(Runnable listener) {
        real.onChange(listener);
    }

    @Override
    public void startMysqld() {
        real.startMysqld();
    }

    @Override
    public void extend(long epoch, long deadlineMillis) {
        real.extend(epoch, deadlineMillis);
    }

    @Override
    public void disarm(long epoch) {
        real.disarm(epoch);
    }

    @Override
    public void kill(long epoch, String reason) {
        real.kill(epoch, reason);
    }

    @Override
    public void shutdown(Duration patience) {
        real.shutdown(patience);
    }

    @Override
    public long bootMillis() {
        return real.bootMillis();
    }

    @Override
    public void close() {
        real.close();
    }
}
