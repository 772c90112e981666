package io.moha.it.fault;

import org.jspecify.annotations.Nullable;

/** When one process ended, as seen from this JVM. */
final class Fall {

    private final long pid;
    private volatile long at;

    private Fall(long pid) {
        this.pid = pid;
    }

    /** Watches {@code pid}, which runs. */
    static Fall watch(long pid) {
        Fall fall = new Fall(pid);
        ProcessHandle.of(pid)
                .orElseThrow(() -> new AssertionError("process " + pid + " does not run"))
                .onExit()
                .thenRun(() -> fall.at = System.nanoTime());
        return fall;
    }

    /** Fails unless it ended before {@code moment}, in nanoseconds of this JVM. */
    void assertBefore(@Nullable Long moment) {
        if (moment == null) {
            throw new AssertionError("nobody else acknowledged anything");
        }
        if (at == 0 || at - moment > 0) {
            throw new AssertionError(
                    "process " + pid + " was alive when another node acknowledged a write");
        }
    }
}
