package io.moha.proxy.tls;

import io.moha.protocol.flags.Capability;
import io.moha.proxy.config.TlsConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on links to MySQL servers. One context for all links, so that handshakes can resume sessions.
 * Thread-safe.
 */
public final class TlsToServers implements AutoCloseable {

    /** The name of the TLS handler in a channel's pipeline, if there is one. */
    public static final String HANDLER_NAME = "tls";

    private final TlsConfig config;
    private final TlsConfig.Mode mode;
    private volatile LateValue<SslContext> context;

    private TlsToServers(TlsConfig config, LateValue<SslContext> context) {
        this.config = config;
        this.mode = config.servers();
        this.context = context;
    }

    /**
     * Reads what {@code config} says about servers.
     *
     * @param executor makes the context, which takes some hundred milliseconds
     * @throws IOException when the configured authority cannot be used
     */
    public static TlsToServers start(TlsConfig config, Executor executor) throws IOException {
        if (config.servers() != TlsConfig.Mode.DISABLED && config.ca() != null) {
            requireCertificates(config.ca());
        }
        LateValue<SslContext> context =
                config.servers() == TlsConfig.Mode.DISABLED
                        ? LateValue.none("TLS to servers is off")
                        : LateValue.make("TLS to servers", () -> build(config.ca()), executor);
        return new TlsToServers(config, context);
    }

    private static void requireCertificates(Path ca) throws IOException {
        try (InputStream in = Files.newInputStream(ca)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new IOException("tls.ca: " + ca + " holds no certificate");
            }
        } catch (NoSuchFileException e) {
            throw new IOException("tls.ca: there is no " + ca, e);
        } catch (CertificateException e) {
            throw new IOException("tls.ca: " + ca + " holds no certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the configured authority again; links that are open keep what they have.
     *
     * @param executor frees the old one
     * @return what was read, for people
     * @throws IOException when it cannot be used; the old one stays
     */
    public String reload(Executor executor) throws IOException {
        if (config.servers() == TlsConfig.Mode.DISABLED || config.ca() == null) {
            return "no authority is configured for servers";
        }
        LateValue<SslContext> old = context;
        try {
            context = LateValue.of(build(config.ca()));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new IOException("cannot use " + config.ca(), e);
        }
        old.releaseLater(executor);
        return config.ca() + " was read";
    }

    private static SslContext build(@Nullable Path ca) {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(SslProviders.best())
                        .sessionTimeout(SslProviders.SESSION_TIMEOUT.toSeconds())
                        // MySQL makes its certificates without host names; the authority is
                        // what is checked.
                        .endpointIdentificationAlgorithm(null);
        if (ca == null) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else {
            builder.trustManager(ca.toFile());
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new UncheckedIOException("cannot set up TLS to servers", e);
        }
    }

    /**
     * Whether to use TLS with a server. Where TLS is preferred, the server's link is like the
     * client's, so that the server enforces what an account requires of it.
     *
     * @param serverCapabilities what the server offers
     * @param clientTls whether the client's link is encrypted
     * @throws IOException when TLS is required and the server has none
     */
    public boolean wantedWith(int serverCapabilities, boolean clientTls) throws IOException {
        boolean offered = Capability.has(serverCapabilities, Capability.SSL);
        return switch (mode) {
            case REQUIRED -> {
                if (!offered) {
                    throw new IOException("the server offers no TLS, and it is required");
                }
                yield true;
            }
            case PREFERRED -> offered && clientTls;
            case DISABLED -> false;
        };
    }

    /** Hands the context to {@code use} on {@code executor}, as soon as there is one. */
    public void whenReady(
            EventExecutor executor, Consumer<SslContext> use, Consumer<Throwable> failed) {
        context.whenReady(executor, use, failed);
    }

    /** A handler for one link; the address only says which session may be resumed. */
    public SslHandler newHandler(
            SslContext sslContext, ByteBufAllocator allocator, InetSocketAddress server) {
        return sslContext.newHandler(allocator, server.getHostString(), server.getPort());
    }

    /** Frees the context; links that are open keep what they need of it. */
    @Override
    public void close() {
        context.whenMade(ReferenceCountUtil::release);
    }
}
