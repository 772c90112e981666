package io.moha.proxy.config;

import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;
import io.moha.protocol.config.Section;

/**
 * The admin SQL port.
 *
 * @param listen where
 * @param user who may log in
 * @param password with what
 */
public record AdminConfig(HostPort listen, String user, Secret password) {

    private static final HostPort DEFAULT_LISTEN = new HostPort("127.0.0.1", 6032);

    static AdminConfig bind(Section section) {
        return new AdminConfig(
                section.hostPort("listen", DEFAULT_LISTEN),
                section.string("user", "admin"),
                section.secret("password"));
    }
}
