package io.moha.proxy.move;

import io.moha.proxy.backend.BackendLoginRequest;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Everything that makes a new server connection the same session.
 *
 * @param login as whom to log in, with schema, collation of the login and capabilities
 * @param variables system variables the client set, in that order; an empty value may stand for
 *     NULL
 * @param charsetReset whether character sets were the server's own, and not the login's, before the
 *     variables were set
 * @param collation the collation named by the last SET NAMES, which is no tracked variable
 * @param multiStatements what COM_SET_OPTION said last, if it was used
 * @param statements prepared statements
 * @param trackers what the client has set session trackers to
 * @param transaction statements that give the next transaction its character, or begin one in which
 *     nothing was done yet; they come last
 */
public record SessionPicture(
        BackendLoginRequest login,
        SequencedMap<String, String> variables,
        boolean charsetReset,
        Optional<String> collation,
        Optional<Boolean> multiStatements,
        List<PreparedText> statements,
        TrackerSettings trackers,
        List<String> transaction) {}
