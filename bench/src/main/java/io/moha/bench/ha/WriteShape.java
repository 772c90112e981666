package io.moha.bench.ha;

/** How a writer sends its writes. */
enum WriteShape {
    /** One INSERT, autocommit, as text. */
    TEXT,
    /** One INSERT, autocommit, prepared on the server. */
    PREPARED,
    /** BEGIN, one INSERT, COMMIT, prepared on the server. */
    TRANSACTION;

    /** The Connector/J options for it. */
    String driverOptions() {
        String common = "connectTimeout=5000&socketTimeout=60000&allowPublicKeyRetrieval=true";
        return switch (this) {
            case TEXT -> common;
            case PREPARED, TRANSACTION -> common + "&useServerPrepStmts=true&cachePrepStmts=true";
        };
    }

    /** Whether the writer commits by itself. */
    boolean commits() {
        return this == TRANSACTION;
    }
}
