package io.moha.agent.decide;

import java.time.Duration;

/** Waits that double. */
final class BackOff {

    private BackOff() {}

    /** {@code first}, doubled {@code times} times, but not more than {@code longest}. */
    static Duration doubled(Duration first, int times, Duration longest) {
        Duration wait = first;
        for (int i = 0; i < times && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) > 0 ? longest : wait;
    }
}
