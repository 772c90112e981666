package io.moha.proxy.backend;

/** How to answer a server that asks who we are. */
public sealed interface BackendAuth {

    /** With the client's password, which the proxy has; can be repeated on any server. */
    record Password(Credentials credentials) implements BackendAuth {}

    /** By asking the client anew, because its password is not known; works only once. */
    record Relayed(ChallengeRelay relay) implements BackendAuth {}
}
