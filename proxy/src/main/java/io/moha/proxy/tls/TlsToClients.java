package io.moha.proxy.tls;

import io.moha.proxy.config.TlsConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on links to clients: with the configured certificate, else with one that is made here, as
 * MySQL does. Thread-safe.
 */
public final class TlsToClients implements AutoCloseable {

    private final TlsConfig config;
    private final TlsConfig.Mode mode;
    private volatile LateValue<SslContext> context;

    private TlsToClients(TlsConfig config, LateValue<SslContext> context) {
        this.config = config;
        this.mode = config.clients();
        this.context = context;
    }

    /**
     * Reads what {@code config} says about clients. A configured certificate is read at once, so
     * that a wrong one stops the start; a certificate of our own is made in the background, and the
     * first clients may have to wait for it.
     *
     * @param directory where a certificate of our own is kept, so that clients see the same one
     *     after a restart; null makes a new one each time
     * @param executor makes a certificate of our own
     * @throws IOException when the configured certificate or key cannot be used
     */
    public static TlsToClients start(TlsConfig config, @Nullable Path directory, Executor executor)
            throws IOException {
        LateValue<SslContext> context;
        if (config.clients() == TlsConfig.Mode.DISABLED) {
            context = LateValue.none("TLS to clients is off");
        } else if (config.cert() != null && config.key() != null) {
            PemPair configured = new PemPair(config.cert(), config.key());
            context = LateValue.of(build(configured.serverBuilder()));
        } else {
            context = LateValue.make("TLS to clients", () -> selfSigned(directory), executor);
        }
        return new TlsToClients(config, context);
    }

    /**
     * Reads the configured certificate again; links that are open keep what they have.
     *
     * @param executor frees the old one
     * @return what was read, for people
     * @throws IOException when it cannot be used; the old one stays
     */
    public String reload(Executor executor) throws IOException {
        if (config.clients() == TlsConfig.Mode.DISABLED
                || config.cert() == null
                || config.key() == null) {
            return "no certificate is configured for clients";
        }
        PemPair configured = new PemPair(config.cert(), config.key());
        LateValue<SslContext> old = context;
        context = LateValue.of(build(configured.serverBuilder()));
        old.releaseLater(executor);
        return config.cert() + " was read";
    }

    private static SslContext selfSigned(@Nullable Path directory) {
        try {
            return build(SelfSigned.loadOrMake(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SslContext build(SslContextBuilder builder) throws SSLException {
        return builder.sslProvider(SslProviders.best())
                .sessionTimeout(SslProviders.SESSION_TIMEOUT.toSeconds())
                .build();
    }

    /** Whether greetings say that TLS can be had. */
    public boolean offered() {
        return mode != TlsConfig.Mode.DISABLED && !context.failed();
    }

    /** Whether clients without TLS are refused. */
    public boolean required() {
        return mode == TlsConfig.Mode.REQUIRED;
    }

    /** Hands the context to {@code use} on {@code executor}, as soon as there is one. */
    public void whenReady(
            EventExecutor executor, Consumer<SslContext> use, Consumer<Throwable> failed) {
        context.whenReady(executor, use, failed);
    }

    /** Frees the context; links that are open keep what they need of it. */
    @Override
    public void close() {
        context.whenMade(ReferenceCountUtil::release);
    }
}
