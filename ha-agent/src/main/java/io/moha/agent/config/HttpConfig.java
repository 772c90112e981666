package io.moha.agent.config;

import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;
import io.moha.protocol.config.Section;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The {@code http:} section.
 *
 * @param listen where requests are answered
 * @param advertise how others reach it
 * @param tls certificate to serve with; null serves plain HTTP
 * @param token what changing requests must present; null refuses them all
 */
public record HttpConfig(
        HostPort listen, HostPort advertise, @Nullable Tls tls, @Nullable Secret token) {

    private static final HostPort DEFAULT_LISTEN = new HostPort("0.0.0.0", 8008);

    static HttpConfig bind(Section section, String advertisedHost) {
        HostPort listen = section.hostPort("listen", DEFAULT_LISTEN);
        boolean everywhere = listen.host().equals("0.0.0.0") || listen.host().equals("::");
        HostPort reachable = everywhere ? new HostPort(advertisedHost, listen.port()) : listen;
        return new HttpConfig(
                listen,
                section.hostPort("advertise", reachable),
                Tls.bind(section.optionalSection("tls")),
                section.optionalSecret("token"));
    }

    /**
     * What the HTTP port proves itself with.
     *
     * @param cert PEM file of the certificate chain
     * @param key PEM file (PKCS#8) of its key
     * @param ca PEM file of the authority that signed the other agents' certificates; null trusts
     *     what is in {@code cert}: the chain's own authority, or one certificate that all share
     */
    public record Tls(Path cert, Path key, @Nullable Path ca) {

        private static @Nullable Tls bind(@Nullable Section section) {
            return section == null
                    ? null
                    : new Tls(
                            section.path("cert"), section.path("key"), section.optionalPath("ca"));
        }
    }
}
