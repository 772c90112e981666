package io.moha.proxy.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tokens of a statement: words and numbers in upper case, punctuation one character each; a
 * string is one token behind a {@code '}, a quoted identifier one behind a {@code `}; comments are
 * gone, but what MySQL runs inside of one makes {@link #hidden} true. Slow; for statements that
 * fail or that change the session.
 *
 * @param tokens in order
 * @param hidden whether there is a comment that servers execute
 */
record StatementWords(List<String> tokens, boolean hidden) {

    static StatementWords of(String sql) {
        return new Reader(sql).read();
    }

    /** The token at {@code index}, or the empty string behind the last one. */
    String at(int index) {
        return index < tokens.size() ? tokens.get(index) : "";
    }

    /** Whether there is one statement and nothing behind its semicolon. */
    boolean isSingle() {
        int semicolon = tokens.indexOf(";");
        return semicolon < 0 || semicolon == tokens.size() - 1;
    }

    private static final class Reader {

        private final String sql;
        private final List<String> tokens = new ArrayList<>();
        private boolean hidden;
        private int index;

        Reader(String sql) {
            this.sql = sql;
        }

        StatementWords read() {
            while (index < sql.length()) {
                char c = sql.charAt(index);
                if (Character.isWhitespace(c)) {
                    index++;
                } else if (isWordPart(c)) {
                    word();
                } else if (c == '\'' || c == '"' || c == '`') {
                    quoted(c);
                } else if (c == '#' || sql.startsWith("-- ", index)) {
                    skipTo("\n");
                } else if (sql.startsWith("/*", index)) {
                    hidden |= sql.startsWith("/*!", index) || sql.startsWith("/*+", index);
                    skipTo("*/");
                } else {
                    tokens.add(String.valueOf(c));
                    index++;
                }
            }
            return new StatementWords(tokens, hidden);
        }

        private static boolean isWordPart(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '$';
        }

        private void word() {
            int start = index;
            while (index < sql.length() && isWordPart(sql.charAt(index))) {
                index++;
            }
            tokens.add(sql.substring(start, index).toUpperCase(Locale.ROOT));
        }

        private void quoted(char quote) {
            int start = ++index;
            while (index < sql.length() && sql.charAt(index) != quote) {
                index += sql.charAt(index) == '\\' && quote != '`' ? 2 : 1;
            }
            int end = Math.min(index, sql.length());
            tokens.add((quote == '`' ? "`" : "'") + sql.substring(start, end));
            index++;
        }

        private void skipTo(String end) {
            int found = sql.indexOf(end, index);
            index = found < 0 ? sql.length() : found + end.length();
        }
    }
}
