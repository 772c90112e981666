package io.moha.bench.load;

import io.moha.protocol.config.InvalidConfigException;
import io.moha.proxy.ProxyMain;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs one proxy as a process of its own, without the launcher, so that its JVM gets exactly the
 * flags of a measurement.
 */
public final class ProxyProcess {

    private ProxyProcess() {}

    /** Runs until it is told to end; the one argument is the configuration file. */
    public static void main(String[] args) throws InvalidConfigException, IOException {
        System.exit(ProxyMain.run(Path.of(args[0])));
    }
}
