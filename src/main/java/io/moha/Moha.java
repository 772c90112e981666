package io.moha;

import io.moha.cli.MohaCommand;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The {@code moha} program. Everything it can do is a subcommand of {@link MohaCommand}. */
public final class Moha {

    private Moha() {}

    /** Runs the subcommand that {@code words} name and ends the process with its exit code. */
    public static void main(String[] words) {
        String command = words.length == 0 ? "" : words[0];
        boolean server = command.equals("agent") || command.equals("proxy");
        // Before anything logs: servers log to standard output, commands speak for themselves.
        if (!server) {
            setDefault("moha.log.level", "OFF");
            setDefault("moha.log.target", "System.err");
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        int exit = MohaCommand.run(words);
        // A server's own threads may still be at work on its orderly end; a command's are not.
        System.exit(exit);
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
