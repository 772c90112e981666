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

    private static final String DEFAULT_PREFIX = "/moha";

    /** Copies the list. */
    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
    }

    /** Reads the {@code etcd:} section; call {@link ConfigFile#finish} before using the result. */
    public static EtcdConfig bind(Section section) {
        List<URI> endpoints = section.list("endpoints", EtcdConfig::endpoint);
        section.require(!endpoints.isEmpty(), "endpoints", "at least one URL is required");
        String username = section.optionalString("username");
        Secret password = section.optionalSecret("password");
        section.require(
                (username == null) == (password == null),
                "username",
                "goes together with passwordFile");
        return new EtcdConfig(
                endpoints,
                username,
                password,
                Tls.bind(section.optionalSection("tls")),
                section.string("prefix", DEFAULT_PREFIX));
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException(
                    "expected a URL like http://10.0.0.1:2379, got '" + text + "'");
        }
        return uri;
    }

    /**
     * TLS towards etcd.
     *
     * @param ca PEM file of authorities to trust; null trusts the JVM's
     * @param cert PEM file of the client's certificate chain; null for none
     * @param key PEM file (PKCS#8) of its key; null exactly when {@code cert} is
     */
    public record Tls(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {

        private static @Nullable Tls bind(@Nullable Section section) {
            if (section == null) {
                return null;
            }
            Path ca = section.optionalPath("ca");
            Path cert = section.optionalPath("cert");
            Path key = section.optionalPath("key");
            section.require((cert == null) == (key == null), "cert", "goes together with key");
            return ca == null && cert == null ? null : new Tls(ca, cert, key);
        }
    }
}
