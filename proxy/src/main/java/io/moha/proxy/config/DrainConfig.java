package io.moha.proxy.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * What happens to transactions when the proxy stops or a switchover cannot wait any longer.
 *
 * @param timeout how long running transactions may go on
 * @param onDeadline what is done to those that still run
 */
public record DrainConfig(Duration timeout, OnDeadline onDeadline) {

    /** What is done to a transaction that does not end in time. */
    public enum OnDeadline {
        /**
         * In a switchover it is rolled back, and its client gets error 1213 (40001) and keeps the
         * connection. When the proxy stops, a client that waits for a response gets error 1053.
         */
        ERROR,
        /** Its client is disconnected: in a switchover with error 2013, else without a word. */
        CLOSE
    }

    static DrainConfig bind(Section section) {
        return new DrainConfig(
                section.duration("timeout", Duration.ofSeconds(5)),
                section.choice("onDeadline", OnDeadline.class, OnDeadline.ERROR));
    }
}
