package io.moha.agent.mysql;

/** Puts values into statements that take no parameters. */
final class SqlText {

    private static final int WORDS_TO_SHOW = 3;

    private SqlText() {}

    /** {@code value} as a string literal, for sessions without NO_BACKSLASH_ESCAPES. */
    static String literal(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** Enough of {@code sql} to know it by; never so much that it could hold a secret. */
    static String firstWords(String sql) {
        String[] words = sql.strip().split("\\s+", WORDS_TO_SHOW + 1);
        int shown = Math.min(WORDS_TO_SHOW, words.length);
        return String.join(" ", java.util.Arrays.asList(words).subList(0, shown));
    }
}
