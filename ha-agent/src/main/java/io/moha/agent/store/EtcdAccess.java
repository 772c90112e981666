package io.moha.agent.store;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.moha.protocol.config.EtcdConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How etcd is reached.
 *
 * @param endpoints client addresses of its members, at least one
 * @param user to log in as; null without authentication
 * @param password of that user
 * @param ca trusted certificates, PEM; null for plain text or the system's
 * @param cert this client's certificate, PEM; null for none
 * @param key of that certificate
 * @param connectTimeout bound on one attempt to connect
 */
public record EtcdAccess(
        List<URI> endpoints,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path ca,
        @Nullable Path cert,
        @Nullable Path key,
        Duration connectTimeout) {

    /** Copies the list. */
    public EtcdAccess {
        endpoints = List.copyOf(endpoints);
    }

    /** As {@code config} says; {@code connectTimeout} bounds the making of a connection. */
    public static EtcdAccess of(EtcdConfig config, Duration connectTimeout) {
        EtcdConfig.Tls tls = config.tls();
        return new EtcdAccess(
                config.endpoints(),
                config.username(),
                config.password() == null ? null : config.password().reveal(),
                tls == null ? null : tls.ca(),
                tls == null ? null : tls.cert(),
                tls == null ? null : tls.key(),
                connectTimeout);
    }

    /** Plain access without authentication. */
    public static EtcdAccess plain(List<URI> endpoints, Duration connectTimeout) {
        return new EtcdAccess(endpoints, null, null, null, null, null, connectTimeout);
    }

    /** Never prints the password. */
    @Override
    public String toString() {
        return "etcd at " + endpoints;
    }

    /**
     * A client that tries the endpoints in turn, beginning with number {@code first} (modulo their
     * number). Calls fail at once while there is no connection: whoever calls has a deadline of its
     * own and decides about retries.
     *
     * @throws SSLException when the certificates cannot be used
     */
    Client connect(int first) throws SSLException {
        List<URI> order = new ArrayList<>(endpoints);
        Collections.rotate(order, -Math.floorMod(first, order.size()));
        ClientBuilder builder =
                Client.builder()
                        .endpoints(order)
                        .connectTimeout(connectTimeout)
                        .waitForReady(false)
                        .keepaliveTime(Duration.ofSeconds(10))
                        .keepaliveTimeout(Duration.ofSeconds(2));
        if (user != null && password != null) {
            builder.user(ByteSequence.from(user, StandardCharsets.UTF_8))
                    .password(ByteSequence.from(password, StandardCharsets.UTF_8));
        }
        if (ca != null || cert != null) {
            builder.sslContext(
                    tls -> {
                        if (ca != null) {
                            tls.trustManager(ca.toFile());
                        }
                        if (cert != null && key != null) {
                            tls.keyManager(cert.toFile(), key.toFile());
                        }
                    });
        }
        return builder.build();
    }
}
