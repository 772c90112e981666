package io.moha.proxy.admin;

import org.jspecify.annotations.Nullable;

/**
 * One session as SHOW SESSIONS has it.
 *
 * @param id the client's connection id
 * @param user who logged in
 * @param client its address
 * @param route where its listener leads
 * @param server id of the node it is connected to; null while it has none
 * @param state what it does
 * @param schema its default schema; null for none
 * @param pinned why it cannot move at the moment; empty when it can
 * @param inTransaction whether it has a transaction open
 */
public record SessionRow(
        long id,
        String user,
        String client,
        String route,
        @Nullable String server,
        String state,
        @Nullable String schema,
        String pinned,
        boolean inTransaction) {}
