package io.moha.proxy.frontend;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.packet.HandshakeV10;
import io.moha.protocol.packet.Octets;

/** What the proxy says first, in the name of the weakest server behind it. */
final class Greetings {

    // Servers of 8.0 and later set all bits but this one.
    private static final int ALL = ~Capability.CAPABILITY_EXTENSION;

    /** What servers can do and the proxy cannot. */
    private static final int NOT_SPOKEN =
            Capability.COMPRESS
                    | Capability.ZSTD_COMPRESSION
                    | Capability.MULTI_FACTOR_AUTHENTICATION;

    // utf8mb4_0900_ai_ci, the default since 8.0.
    private static final int DEFAULT_COLLATION = 255;

    private Greetings() {}

    /**
     * What clients are offered.
     *
     * @param serverVersion of the weakest server
     * @param tls whether TLS can be had
     */
    static int offered(String serverVersion, boolean tls) {
        int offered = ALL & ~NOT_SPOKEN;
        if (!tls) {
            offered &= ~Capability.SSL;
        }
        if (isBefore8023(serverVersion)) {
            offered &= ~Capability.QUERY_ATTRIBUTES;
        }
        return offered;
    }

    /** The greeting. */
    static HandshakeV10 greeting(
            String serverVersion, long connectionId, Octets nonce, int offered) {
        return new HandshakeV10(
                serverVersion,
                connectionId,
                nonce,
                offered,
                DEFAULT_COLLATION,
                ServerStatus.AUTOCOMMIT,
                CachingSha2Password.NAME);
    }

    /** Query attributes came with 8.0.23. */
    private static boolean isBefore8023(String version) {
        if (!version.startsWith("8.0.")) {
            return false;
        }
        int patch = 0;
        for (int i = 4; i < version.length() && Character.isDigit(version.charAt(i)); i++) {
            patch = 10 * patch + Character.digit(version.charAt(i), 10);
        }
        return patch < 23;
    }
}
