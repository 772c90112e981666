package io.moha.agent.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The log of simulated agents, which say too much when thousands of clusters run. */
final class AgentLog {

    private static @Nullable Level before;

    private AgentLog() {}

    /** Says nothing any more. */
    static synchronized void off() {
        before = logger().getLevel();
        logger().setLevel(Level.OFF);
    }

    /** As before. */
    static synchronized void on() {
        logger().setLevel(before);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.moha.agent");
    }
}
