package io.moha.proxy;

import io.moha.protocol.base.Ticker;
import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.proxy.config.ProxyConfig;
import io.moha.proxy.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy as a process: configuration, start, and the stop that a signal asks for. */
public final class ProxyMain {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxyMain.class);

    private ProxyMain() {}

    /**
     * Runs a proxy in the foreground until the process is told to end, and then ends the process
     * with code 0 after a graceful stop; returns only when the thread is interrupted.
     *
     * @param file its configuration
     * @return the process's exit code
     * @throws InvalidConfigException when the configuration is wrong; its message says all of it
     * @throws IOException when a port or certificate cannot be used
     */
    public static int run(Path file) throws InvalidConfigException, IOException {
        ConfigFile source = ConfigFile.open(file);
        ProxyConfig config = ProxyConfig.read(source);
        source.warnings().forEach(warning -> LOGGER.atWarn().log(warning));
        if (lendsTls(config.tls())) {
            LOGGER.atWarn()
                    .log(
                            "tls.servers is required and tls.clients is not: accounts with REQUIRE"
                                    + " SSL can be used over clients' links without TLS");
        }
        ProxyServer server = new ProxyServer(config, build(), Ticker.system());
        server.start();
        // A signal ends a JVM with 128 + its number, whatever hooks do, unless one halts first.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.stop();
                                    Runtime.getRuntime().halt(0);
                                },
                                "moha-stop"));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
        return 0;
    }

    /** Whether the servers see TLS where clients may have none. */
    static boolean lendsTls(TlsConfig tls) {
        return tls.servers() == TlsConfig.Mode.REQUIRED && tls.clients() != TlsConfig.Mode.REQUIRED;
    }

    /** The version in the jar's manifest; "dev" when run from class files. */
    private static String build() {
        String version = ProxyMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
