package io.moha.proxy.config;

import io.moha.protocol.config.Section;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients and towards MySQL servers.
 *
 * @param cert PEM chain shown to clients; null makes a self-signed one at start
 * @param key PEM key (PKCS#8) of {@code cert}; null exactly when {@code cert} is
 * @param ca PEM authorities that must have signed the servers' certificates; null accepts any
 * @param clients whether clients may or must use TLS
 * @param servers whether TLS is used towards servers; preferred means for clients that use it
 */
public record TlsConfig(
        @Nullable Path cert, @Nullable Path key, @Nullable Path ca, Mode clients, Mode servers) {

    /** How much TLS is wanted. */
    public enum Mode {
        /** When a client wants it and the other side can. */
        PREFERRED,
        /** Nothing else. */
        REQUIRED,
        /** Never. */
        DISABLED
    }

    static TlsConfig bind(Section section) {
        Path cert = section.optionalPath("cert");
        Path key = section.optionalPath("key");
        section.require((cert == null) == (key == null), "cert", "goes together with key");
        return new TlsConfig(
                cert,
                key,
                section.optionalPath("ca"),
                section.choice("clients", Mode.class, Mode.PREFERRED),
                section.choice("servers", Mode.class, Mode.PREFERRED));
    }
}
