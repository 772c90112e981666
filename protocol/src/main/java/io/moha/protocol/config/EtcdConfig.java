package io.moha.protocol.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code etcd:} section, the same in every process.
 *
 * @param endpoints client URLs, at least one
 * @param username account in etcd; null when etcd asks for none
 * @param password of that account; null exactly when {@code username} is
 * @param tls how to trust and authenticate; null when not configured
 * @param prefix under which all clusters live, for example {@code /moha}
 */
public record EtcdConfig(
        List<URI> endpoints,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Tls tls,
        String prefix) {

    /** Copies the list. */
    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * TLS towards etcd.
     *
     * @param ca PEM file of authorities to trust; null trusts the JVM's
     * @param cert PEM file of the client's certificate chain; null for none
     * @param key PEM file (PKCS#8) of its key; null exactly when {@code cert} is
     */
    public record Tls(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {}
}
