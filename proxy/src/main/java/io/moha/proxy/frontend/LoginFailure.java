package io.moha.proxy.frontend;

/** Why a login did not come to its end; each is counted under its label. */
public enum LoginFailure {
    /** A server refused it; the client got the server's words. */
    REFUSED_BY_SERVER("refused_by_server"),
    /** The client does not speak the protocol, or broke it. */
    MALFORMED("malformed"),
    /** A packet had the wrong sequence number. */
    OUT_OF_ORDER("out_of_order"),
    /** A packet was longer than any of a login can be. */
    TOO_LARGE("too_large"),
    /** An HTTP request came to the MySQL port. */
    HTTP("http"),
    /** The client needed longer than the login timeout. */
    TIMEOUT("timeout"),
    /** The client left before its login was done. */
    CLIENT_GONE("client_gone"),
    /** The client left without having sent anything, as a port check does. */
    PROBE("probe"),
    /** The client cannot be asked for another authentication plugin. */
    OLD_CLIENT("old_client"),
    /** TLS is required and the client did not ask for it. */
    TLS_REQUIRED("tls_required"),
    /** The TLS handshake failed. */
    TLS_FAILED("tls_failed"),
    /** The password would have crossed the client's link in clear. */
    CLEAR_TEXT("clear_text"),
    /** No server was there within the longest wait. */
    NO_SERVER("no_server"),
    /** Too many clients, or the proxy is stopping. */
    REFUSED_BY_PROXY("refused_by_proxy"),
    /** An error of the proxy itself. */
    INTERNAL("internal");

    private final String label;

    LoginFailure(String label) {
        this.label = label;
    }

    /** The value of the metric's label. */
    public String label() {
        return label;
    }
}
