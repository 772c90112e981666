package io.moha.agent.observe;

import java.time.Duration;

/** Something to wait on until a thing of interest happened, or a while passed. Thread-safe. */
public interface Wakeup {

    /** Something happened: the present or next waiter goes on. Any number count as one. */
    void wake();

    /** Waits until something happened since the last wait, at most for {@code limit}. */
    void await(Duration limit) throws InterruptedException;
}
