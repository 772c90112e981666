package io.moha.cli;

import io.moha.agent.AgentMain;
import io.moha.protocol.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moha agent}. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = {
            "Run one HA agent in the foreground, beside its mysqld.",
            "It logs to standard output; SIGTERM ends it in an orderly way."
        })
final class AgentCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The agent's configuration; config/agent.yaml shows every key.")
    private @Nullable Path config;

    @Override
    public Integer call() throws InvalidConfigException, IOException {
        return AgentMain.run(Objects.requireNonNull(config));
    }
}
