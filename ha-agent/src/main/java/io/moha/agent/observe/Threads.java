package io.moha.agent.observe;

import io.moha.protocol.base.Ticker;

/**
 * An agent's threads, what they wait on and the clock they wait by. Nothing in an agent blocks but
 * on a {@link Wakeup} from here, or on the store, the server or the guard; a simulation that stands
 * in for all four therefore decides alone what happens when.
 */
public interface Threads {

    /** What a thread does until it is done or interrupted. */
    @FunctionalInterface
    interface Body {
        /** Does it. */
        void run() throws InterruptedException;
    }

    /** A thread that was made and perhaps not yet started. */
    interface Worker {
        /** Starts it. Called once. */
        void start();

        /** Asks it to end: it waits for nothing any more. */
        void interrupt();
    }

    /** The clock by which waits are measured. */
    Ticker ticker();

    /** Something to wait on. */
    Wakeup wakeup();

    /** A daemon thread called {@code name} that will do {@code body}. */
    Worker worker(String name, Body body);

    /** The machine's own. */
    static Threads system() {
        return new SystemThreads();
    }
}
