package io.moha.proxy.frontend;

/** Counts logins. Callable from any thread; must be quick. */
public interface LoginObserver {

    /** A client logged in. */
    void onLogin(LoginPath path);

    /** A connection ended before its login did. */
    void onFailure(LoginFailure failure);

    /** How the proxy came by what the server wanted to know. */
    enum LoginPath {
        /** The account has no password. */
        EMPTY("empty"),
        /** The client's proof fits a password that a server accepted before. */
        CACHED("cached"),
        /** The client sent its password, over TLS or under RSA. */
        PASSWORD("password"),
        /** The client answered the server's challenges itself; the session cannot move. */
        RELAYED("relayed");

        private final String label;

        LoginPath(String label) {
            this.label = label;
        }

        /** The value of the metric's label. */
        public String label() {
            return label;
        }
    }
}
