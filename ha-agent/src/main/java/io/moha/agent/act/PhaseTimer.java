package io.moha.agent.act;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures the phases of one operation. Not thread-safe. */
final class PhaseTimer {

    private final Ticker ticker;
    private final Moment began;
    private final Map<String, Long> phases = new LinkedHashMap<>();
    private Moment phaseBegan;

    PhaseTimer(Ticker ticker) {
        this.ticker = ticker;
        this.began = ticker.now();
        this.phaseBegan = began;
    }

    /** The phase that ran until now was {@code name}; the next one begins. */
    void end(String name) {
        Moment now = ticker.now();
        phases.merge(name, now.since(phaseBegan).toMillis(), Long::sum);
        phaseBegan = now;
    }

    /**
     * Something called {@code name} had begun at {@code since} and ended with this operation's
     * start.
     */
    void add(String name, Moment since) {
        phases.put(name, began.since(since).toMillis());
    }

    /** Milliseconds since the operation began. */
    long totalMillis() {
        return ticker.now().since(began).toMillis();
    }

    /** Milliseconds by phase, in order. */
    Map<String, Long> millis() {
        return new LinkedHashMap<>(phases);
    }
}
