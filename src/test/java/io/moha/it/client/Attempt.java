package io.moha.it.client;

import java.net.InetSocketAddress;

/**
 * One login to try.
 *
 * @param address of the server or proxy
 * @param user name of the account
 * @param password to show; may be empty
 * @param schema to begin in; empty for none
 * @param tls whether to encrypt
 * @param mayAskForKey whether the client may ask for the server's RSA key when it does not encrypt
 */
public record Attempt(
        InetSocketAddress address,
        String user,
        String password,
        String schema,
        boolean tls,
        boolean mayAskForKey) {

    /** The same login elsewhere. */
    public Attempt at(InetSocketAddress other) {
        return new Attempt(other, user, password, schema, tls, mayAskForKey);
    }

    /** The same login with another password. */
    public Attempt with(String otherPassword) {
        return new Attempt(address, user, otherPassword, schema, tls, mayAskForKey);
    }
}
