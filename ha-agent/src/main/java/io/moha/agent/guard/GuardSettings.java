package io.moha.agent.guard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a guard is for. Exactly one of {@code command} and {@code pidFile} decides: with a command
 * the guard starts mysqld, without one it watches the process that the file names.
 *
 * @param directory where agent and guard meet; made when missing, used by one node alone
 * @param command mysqld and its arguments; empty when somebody else starts it
 * @param pidFile of the mysqld that somebody else starts; needed without a command
 */
public record GuardSettings(Path directory, List<String> command, @Nullable Path pidFile) {

    /**
     * What mysqld always starts with, behind its own arguments, so that these win. It comes up
     * read-only and receives nothing until the agent says so. The plugins are loaded here rather
     * than installed, because INSTALL PLUGIN has to write to a table.
     */
    static final List<String> EXTRA_ARGUMENTS =
            List.of(
                    "--super-read-only=ON",
                    "--read-only=ON",
                    "--skip-replica-start=ON",
                    "--plugin-load-add=semisync_source.so",
                    "--plugin-load-add=semisync_replica.so",
                    // With a time limit of somebody else's it would answer without waiting.
                    "--loose-rpl-semi-sync-source-enabled=OFF",
                    "--loose-rpl-semi-sync-replica-enabled=OFF",
                    "--plugin-load-add=mysql_clone.so");

    /** Copies the command; refuses settings that leave nothing to guard. */
    public GuardSettings {
        command = List.copyOf(command);
        if (command.isEmpty() && pidFile == null) {
            throw new IllegalArgumentException("neither a command nor a pid file to guard");
        }
    }

    /** The whole command line of mysqld. */
    List<String> argv() {
        List<String> argv = new ArrayList<>(command);
        argv.addAll(EXTRA_ARGUMENTS);
        return argv;
    }
}
