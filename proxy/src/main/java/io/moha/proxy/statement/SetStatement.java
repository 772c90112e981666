package io.moha.proxy.statement;

import java.util.Locale;
import java.util.Optional;

/**
 * What a SET does that trackers do not report.
 *
 * @param traits {@link StatementTrait#USER_VARIABLE}, {@link StatementTrait#ROLE}, or both
 * @param names whether it sets the connection's character set with SET NAMES
 * @param collation the collation that SET NAMES names, lower case, as it is never tracked
 */
public record SetStatement(int traits, boolean names, Optional<String> collation) {

    /** Reads {@code sql}, which contains a SET at some place. */
    public static SetStatement of(String sql) {
        StatementWords words = StatementWords.of(sql);
        int traits = 0;
        boolean names = false;
        Optional<String> collation = Optional.empty();
        for (int i = 0; i < words.tokens().size(); i++) {
            String word = words.at(i);
            String next = words.at(i + 1);
            if (word.equals("@")
                    && !next.equals("@")
                    && !words.at(Math.max(0, i - 1)).equals("@")) {
                traits |= assigns(words, i) ? StatementTrait.USER_VARIABLE : 0;
            }
            if (word.equals("SET") && (next.equals("ROLE") || next.equals("RESOURCE"))) {
                traits |= StatementTrait.ROLE;
            }
            if (word.equals("NAMES") && !next.equals("=")) {
                names = true;
                collation = Optional.empty();
            }
            if (names && word.equals("COLLATE")) {
                String name = next.startsWith("'") ? next.substring(1) : next;
                collation = Optional.of(name.toLowerCase(Locale.ROOT));
            }
        }
        return new SetStatement(traits, names, collation);
    }

    /** Whether the user variable that begins at {@code index} stands left of an assignment. */
    private static boolean assigns(StatementWords words, int index) {
        int end = index + 2;
        while (words.at(end).equals(".")) {
            end += 2;
        }
        return words.at(end).equals("=") || words.at(end).equals(":");
    }
}
