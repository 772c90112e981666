package io.moha.proxy.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of admin SQL, understood. */
sealed interface AdminStatement {

    /**
     * A table of the proxy's.
     *
     * @param what which
     * @param like a pattern its names must match; null for all
     */
    record Show(Topic what, @Nullable String like) implements AdminStatement {}

    /** What SHOW can show. */
    enum Topic {
        /** One row about the cluster. */
        CLUSTER,
        /** One row a node. */
        NODES,
        /** One row a proxy. */
        PROXIES,
        /** One row a session of this proxy. */
        SESSIONS,
        /** One row a server. */
        POOLS,
        /** One row a change of primary. */
        HISTORY,
        /** Counters by name. */
        STATUS,
        /** Settings by name. */
        VARIABLES,
        /** Always empty; clients ask after each statement. */
        WARNINGS,
        /** Always empty; clients ask for completion. */
        DATABASES,
        /** Always empty; clients ask for completion. */
        TABLES
    }

    /** SELECT without a table, as clients do when they connect. */
    record Select(List<SelectItem> items) implements AdminStatement {}

    /**
     * One value of a SELECT.
     *
     * @param name of the column
     * @param value a variable, function or literal
     */
    record SelectItem(String name, Token value) {}

    /** Asks for a planned change of primary; {@code to} null lets the cluster choose. */
    record Switchover(@Nullable String to) implements AdminStatement {}

    /** SWITCHOVER [TO 'node'] DRY RUN. */
    record Rehearse(@Nullable String to) implements AdminStatement {}

    /** HOLD WRITES or RELEASE WRITES, on this proxy. */
    record HoldWrites(boolean hold) implements AdminStatement {}

    /** RELOAD: certificates are read again. */
    record Reload() implements AdminStatement {}

    /** SET of one of the proxy's settings. */
    record SetSetting(String name) implements AdminStatement {}

    /** PAUSE. */
    record Pause() implements AdminStatement {}

    /** Maintenance mode off. */
    record Resume() implements AdminStatement {}

    /** No new clients on this proxy. */
    record Drain() implements AdminStatement {}

    /** Ends a session. */
    record Kill(long id) implements AdminStatement {}

    /** What there is. */
    record Help() implements AdminStatement {}

    /** Something that means nothing here and is answered OK: SET, USE, transactions, nothing. */
    record Ignored() implements AdminStatement {}
}
