package io.moha.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Optional;

/** What the commands print on. */
final class Terminal {

    private Terminal() {}

    /** Whether people watch: standard input and output are both a terminal. */
    static boolean isWatched() {
        // Not every JVM has one when it runs without a terminal.
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /** A writer on {@code stream}, in its own character set, that prints each line at once. */
    static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
