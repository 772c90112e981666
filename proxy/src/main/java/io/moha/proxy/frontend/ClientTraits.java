package io.moha.proxy.frontend;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.packet.ConnectAttributes;
import java.util.Locale;
import java.util.Set;

/**
 * What is known of a client's library beyond what it negotiated, from what it says about itself.
 *
 * @param requestsKey whether it asks for the server's RSA key by itself when a link without TLS has
 *     to carry its password; other libraries do so only when told, and give up when asked for more
 *     than a proof
 * @param speaksSha2 whether it knows caching_sha2_password although it began with another plugin
 */
record ClientTraits(boolean requestsKey, boolean speaksSha2) {

    private static final Set<String> REQUEST_KEY =
            Set.of("pymysql", "go-mysql-driver", "node-mysql-2", "mysqlnd", "libmariadb");

    /**
     * Guesses by the attributes and flags of a handshake response.
     *
     * @param capabilities as the client sent them
     */
    static ClientTraits of(int capabilities, ConnectAttributes attributes) {
        String name = attributes.values().getOrDefault("_client_name", "").toLowerCase(Locale.ROOT);
        // MariaDB's own clients leave this bit out.
        boolean mariadb =
                name.contains("mariadb") || !Capability.has(capabilities, Capability.LONG_PASSWORD);
        return new ClientTraits(REQUEST_KEY.contains(name), mariadb);
    }
}
