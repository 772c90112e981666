package io.moha.protocol.config;

import java.util.List;

/** A configuration that must not be started with; its message lists every problem, one a line. */
public final class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    /** A configuration from {@code source} (a file's path) with these problems, at least one. */
    public InvalidConfigException(String source, List<String> problems) {
        super(source + ":\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order found. */
    public List<String> problems() {
        return problems;
    }
}
