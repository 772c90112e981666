package io.moha.proxy.frontend;

import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.tls.PasswordKeys;
import io.moha.proxy.tls.TlsToClients;
import java.time.Duration;

/**
 * What all logins of a proxy share. Every part is thread-safe.
 *
 * @param servers where servers are and how to reach them
 * @param secrets what passwords travel and are kept under
 * @param limits how long things may take
 * @param ids numbers of connections
 * @param sessions takes over what has logged in
 * @param observer counts
 */
public record LoginServices(
        Servers servers,
        Secrets secrets,
        Limits limits,
        ConnectionIds ids,
        SessionStarter sessions,
        LoginObserver observer) {

    /**
     * Where servers are and how to reach them.
     *
     * @param routing the picture of the cluster
     * @param chooser picks from it
     * @param connector opens connections
     */
    public record Servers(Routing routing, BackendChooser chooser, BackendConnector connector) {}

    /**
     * What passwords travel and are kept under.
     *
     * @param tls towards clients
     * @param keys for clients without TLS
     * @param cache what servers accepted before
     */
    public record Secrets(TlsToClients tls, PasswordKeys keys, CredentialCache cache) {}

    /**
     * How long things may take.
     *
     * @param login from accept until the client has answered everything it was asked
     * @param hold how long a client that has may wait for a server
     */
    public record Limits(Duration login, Duration hold) {}
}
