package io.moha.cli;

import io.moha.protocol.config.InvalidConfigException;
import io.moha.proxy.ProxyMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moha proxy}. */
@Command(
        name = "proxy",
        mixinStandardHelpOptions = true,
        description = {
            "Run one proxy in the foreground.",
            "It logs to standard output; SIGTERM ends it in an orderly way, after a drain."
        })
final class ProxyCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The proxy's configuration; config/proxy.yaml shows every key.")
    private @Nullable Path config;

    @Override
    public Integer call() throws InvalidConfigException, IOException {
        return ProxyMain.run(Objects.requireNonNull(config));
    }
}
