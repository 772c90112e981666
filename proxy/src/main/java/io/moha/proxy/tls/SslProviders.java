package io.moha.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;

/** Which TLS implementation is used, and how long sessions may be resumed. */
final class SslProviders {

    /**
     * Handshakes that resume a session cost a fraction; MySQL servers offer it for five minutes.
     */
    static final Duration SESSION_TIMEOUT = Duration.ofMinutes(5);

    private SslProviders() {}

    /** The native library when this machine can load it, else the JDK's implementation. */
    static SslProvider best() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }
}
