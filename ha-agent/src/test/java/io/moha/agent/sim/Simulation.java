package io.moha.agent.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Time, chance and the order of everything in one simulated run. Events happen one after the other
 * at their times; all chance comes from the seed. Not thread-safe: one thread drives one run.
 */
final class Simulation {

    /** One millisecond, in nanoseconds. */
    static final long MS = 1_000_000L;

    /** One second, in nanoseconds. */
    static final long SECOND = 1_000 * MS;

    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private long now;
    private long sequence;
    private long happened;
    private Runnable afterEach = () -> {};

    /** Something that will happen. */
    static final class Event implements Comparable<Event> {
        private final long at;
        private final long number;
        private final Runnable body;
        private boolean cancelled;

        private Event(long at, long number, Runnable body) {
            this.at = at;
            this.number = number;
            this.body = body;
        }

        /** It shall not happen. */
        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    /** A run of {@code seed}; with {@code tracing} it remembers what is told to {@link #note}. */
    Simulation(long seed, boolean tracing) {
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
    }

    /** The true time, in nanoseconds since the run began. */
    long now() {
        return now;
    }

    /** How many events there were. */
    long happened() {
        return happened;
    }

    /** Calls {@code check} after every event. */
    void afterEach(Runnable check) {
        afterEach = check;
    }

    /** Lets {@code body} happen in {@code delay} nanoseconds. */
    Event in(long delay, Runnable body) {
        Event event = new Event(now + Math.max(0, delay), sequence++, body);
        events.add(event);
        return event;
    }

    /** Lets events happen until {@code enough}, at most until {@code until}; whether enough was. */
    boolean runUntil(long until, BooleanSupplier enough) {
        while (!enough.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.at > until) {
                now = Math.max(now, until);
                return enough.getAsBoolean();
            }
            events.poll();
            if (!next.cancelled) {
                now = next.at;
                happened++;
                next.body.run();
                afterEach.run();
            }
        }
        return true;
    }

    /** A number from {@code low} to {@code high}, both included. */
    long between(long low, long high) {
        return low >= high ? low : random.nextLong(low, high + 1);
    }

    /** A number below {@code bound}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True in one of {@code n} cases. */
    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** One of {@code things}. */
    <T> T pick(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    /** Remembers what happened, for whoever reads a failing run. */
    void note(String what) {
        if (tracing) {
            trace.add("%10.3f ms  %s".formatted(now / (double) MS, what));
        }
    }

    /** Whether notes are kept, so that costly ones need not be made. */
    boolean tracing() {
        return tracing;
    }

    /** Everything noted. */
    List<String> trace() {
        return trace;
    }
}
