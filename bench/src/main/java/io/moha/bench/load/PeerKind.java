package io.moha.bench.load;

/** The ways to a server that are compared. */
public enum PeerKind {
    /** No proxy at all. */
    DIRECT("direct", false),
    /** HAProxy in TCP mode, one thread. */
    HAPROXY("HAProxy", false),
    /** The bare Netty relay, one event loop. */
    RELAY("bare relay", true),
    /** The proxy of this repository, one event loop, no TLS to the server. */
    MOHA("moha", true),
    /** The same with TLS to the server. */
    MOHA_TLS("moha, TLS to the server", true);

    private final String title;
    private final boolean jvm;

    PeerKind(String title, boolean jvm) {
        this.title = title;
        this.jvm = jvm;
    }

    /** What tables call it. */
    public String title() {
        return title;
    }

    /** Whether it learns from etcd where the server is. */
    public boolean needsEtcd() {
        return this == MOHA || this == MOHA_TLS;
    }

    /** Whether it is a JVM, which has to warm up. */
    public boolean jvm() {
        return jvm;
    }
}
