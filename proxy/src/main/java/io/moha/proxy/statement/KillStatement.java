package io.moha.proxy.statement;

import java.util.Optional;

/**
 * A KILL with a plain number.
 *
 * @param query whether only the running statement is to end, not the session
 * @param id the connection id, as the client wrote it
 */
public record KillStatement(boolean query, long id) {

    /** Reads {@code sql}; empty when it is anything but a single KILL of a number. */
    public static Optional<KillStatement> of(String sql) {
        StatementWords words = StatementWords.of(sql);
        if (words.hidden() || !words.isSingle() || !words.at(0).equals("KILL")) {
            return Optional.empty();
        }
        boolean query = words.at(1).equals("QUERY");
        int number = query || words.at(1).equals("CONNECTION") ? 2 : 1;
        boolean last = words.at(number + 1).isEmpty() || words.at(number + 1).equals(";");
        if (!last || !words.at(number).matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new KillStatement(query, Long.parseLong(words.at(number))));
    }

    /** The statement with another number. */
    public String withId(long other) {
        return (query ? "KILL QUERY " : "KILL CONNECTION ") + other;
    }
}
