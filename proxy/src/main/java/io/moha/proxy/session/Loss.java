package io.moha.proxy.session;

import io.moha.proxy.statement.StatementKind;

/**
 * What stood where when a server was lost.
 *
 * @param movable whether the session can be rebuilt elsewhere
 * @param inTransaction whether a transaction was open before the commands that are outstanding
 * @param emptyTransaction whether nothing was done in it, so that it can be begun anew
 * @param outstanding commands sent and not answered to their end
 * @param answered whether the client has a part of the first one's response
 * @param repeatableRequest whether the first one's bytes are still there
 * @param delivered whether the server was sent all of the first one
 * @param atBoundary whether what the client has ends with a packet
 * @param kind of the first outstanding command
 */
record Loss(
        boolean movable,
        boolean inTransaction,
        boolean emptyTransaction,
        int outstanding,
        boolean answered,
        boolean repeatableRequest,
        boolean delivered,
        boolean atBoundary,
        StatementKind kind) {}
