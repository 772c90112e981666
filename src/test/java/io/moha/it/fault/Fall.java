package io.moha.it.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** When one process ended, as seen from this JVM. */
final class Fall {

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final long pid;
    private volatile long at;

    private Fall(long pid) {
        this.pid = pid;
    }

    /** Watches {@code pid}, which runs. */
    static Fall watch(long pid) {
        Fall fall = new Fall(pid);
        if (fall.isDead()) {
            throw new AssertionError("process " + pid + " does not run");
        }
        Thread.ofPlatform().name("fall-" + pid).daemon(true).start(fall::watch);
        return fall;
    }

    private void watch() {
        while (!isDead()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        at = System.nanoTime();
    }

    /** One that its parent has not collected yet does nothing any more, either. */
    private boolean isDead() {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            String[] threads = Path.of("/proc/" + pid + "/task").toFile().list();
            return (state == 'Z' || state == 'X') && threads != null && threads.length <= 1;
        } catch (IOException gone) {
            return true;
        }
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
