package io.moha.proxy.admin;

import java.util.Locale;

/**
 * A word, literal or symbol of a statement.
 *
 * @param kind what it is
 * @param text without quotes, with escapes resolved
 * @param start where it begins in the statement
 * @param end where it ends, exclusive
 */
record Token(Kind kind, String text, int start, int end) {

    /** Sorts of tokens. */
    enum Kind {
        /** A keyword, name or number. */
        WORD,
        /** A quoted string. */
        STRING,
        /** A name in backticks. */
        NAME,
        /** A system variable with its scope, without the two at-signs. */
        VARIABLE,
        /** One character. */
        SYMBOL,
        /** Behind the last one. */
        END
    }

    /** Whether this is the keyword {@code word}, given in upper case. */
    boolean is(String word) {
        return kind == Kind.WORD && text.toUpperCase(Locale.ROOT).equals(word);
    }

    /** Whether this is the symbol {@code symbol}. */
    boolean isSymbol(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }
}
