package io.moha.proxy.statement;

import java.util.Set;

/** What losing the server in the middle of a statement means for it. */
public enum StatementKind {
    /** Changes nothing but this session: may be sent again as long as nothing was answered. */
    REPEATABLE,
    /**
     * Changes nothing but this session, but commits what is open: may be sent again only outside a
     * transaction.
     */
    SETTING,
    /** Ends the transaction by undoing it, which the server's loss has done as well. */
    ROLLBACK,
    /** Does its work inside the transaction that is open, and cannot end it. */
    TRANSACTIONAL,
    /**
     * May have had an effect that lasts: a commit, DDL, a routine, several statements, anything.
     */
    LASTING;

    private static final Set<String> QUIET = Set.of("SHOW", "USE", "DESC", "DESCRIBE");
    private static final Set<String> DATA =
            Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "SAVEPOINT", "TABLE", "VALUES");

    /** Words behind SET that reach beyond the session, or need a value that only the server has. */
    private static final Set<String> FAR_REACHING =
            Set.of("GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT", "RESOURCE", "(");

    /** Functions of the server that leave no trace, so that a SELECT of them can be repeated. */
    private static final Set<String> PURE_FUNCTIONS =
            Set.of(
                    ("ABS AVG BIN BIT_AND BIT_COUNT BIT_OR BIT_XOR CAST CEIL CEILING CHAR"
                                    + " CHAR_LENGTH COALESCE CONCAT CONCAT_WS CONV CONVERT COUNT CRC32"
                                    + " CURDATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP"
                                    + " CURRENT_USER CURTIME DATABASE DATE DATE_ADD DATE_FORMAT"
                                    + " DATE_SUB DATEDIFF DAY DAYNAME DAYOFMONTH DAYOFWEEK DAYOFYEAR"
                                    + " DENSE_RANK ELT EXISTS EXTRACT FIELD FIND_IN_SET FIRST_VALUE"
                                    + " FLOOR FORMAT FROM_UNIXTIME GREATEST GROUP_CONCAT GROUPING HEX"
                                    + " HOUR IF IFNULL IN INET_ATON INET_NTOA INSTR ISNULL"
                                    + " JSON_ARRAYAGG JSON_CONTAINS JSON_EXTRACT JSON_LENGTH"
                                    + " JSON_OBJECTAGG JSON_UNQUOTE LAG LAST_DAY LAST_VALUE LCASE LEAD"
                                    + " LEAST LEFT LENGTH LOCATE LOWER LPAD LTRIM MAX MD5 MICROSECOND"
                                    + " MID MIN MINUTE MOD MONTH MONTHNAME NOW NTILE NULLIF"
                                    + " OCTET_LENGTH ORD OVER PI POSITION POW POWER QUARTER RADIANS"
                                    + " RAND RANK REGEXP_LIKE REPEAT REPLACE REVERSE RIGHT ROUND"
                                    + " ROW_NUMBER RPAD RTRIM SECOND SHA1 SHA2 SIGN SPACE SQRT STD"
                                    + " STDDEV STR_TO_DATE SUBSTR SUBSTRING SUBSTRING_INDEX SUM SYSDATE"
                                    + " TIME TIME_FORMAT TIMEDIFF TIMESTAMP TIMESTAMPDIFF TO_DAYS TRIM"
                                    + " TRUNCATE UCASE UNHEX UNIX_TIMESTAMP UPPER USER UTC_TIMESTAMP"
                                    + " UUID VALUES VARIANCE VERSION WEEK WEEKDAY YEAR")
                            .split(" "));

    /** Words before a parenthesis that call nothing. */
    private static final Set<String> GRAMMAR =
            Set.of(
                    ("SELECT FROM WHERE AND OR NOT ON USING BY HAVING AS JOIN LIMIT UNION ALL"
                                    + " DISTINCT ANY SOME INTERVAL BETWEEN LIKE CASE WHEN THEN ELSE"
                                    + " DIV INDEX KEY XOR EXCEPT INTERSECT BINARY")
                            .split(" "));

    /** The kind of the statement {@code sql}; {@link #LASTING} whenever that is not certain. */
    public static StatementKind of(String sql) {
        StatementWords words = StatementWords.of(sql);
        if (words.hidden() || !words.isSingle() || words.tokens().isEmpty()) {
            return LASTING;
        }
        String first = words.at(0);
        return switch (first) {
            case "ROLLBACK" -> ofRollback(words.at(1));
            case "SELECT", "(" -> isPureSelect(words) ? REPEATABLE : TRANSACTIONAL;
            case "BEGIN" -> SETTING;
            case "START" -> words.at(1).equals("TRANSACTION") ? SETTING : LASTING;
            case "SET" ->
                    words.tokens().stream().noneMatch(FAR_REACHING::contains) ? SETTING : LASTING;
            default ->
                    QUIET.contains(first)
                            ? REPEATABLE
                            : DATA.contains(first) ? TRANSACTIONAL : LASTING;
        };
    }

    // ROLLBACK TO SAVEPOINT ends nothing; AND CHAIN begins anew, RELEASE disconnects.
    private static StatementKind ofRollback(String second) {
        return switch (second) {
            case "", ";", "WORK" -> ROLLBACK;
            case "TO" -> TRANSACTIONAL;
            default -> LASTING;
        };
    }

    private static boolean isPureSelect(StatementWords words) {
        for (int i = 0; i < words.tokens().size(); i++) {
            String word = words.at(i);
            String next = words.at(i + 1);
            boolean assigns = word.equals("INTO") || (word.equals(":") && next.equals("="));
            // With a schema in front it is a stored function, whatever it is called.
            boolean stored = i > 0 && words.at(i - 1).equals(".");
            if (assigns || (next.equals("(") && (stored || calls(word)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean calls(String word) {
        boolean named = word.charAt(0) == '`' || Character.isLetter(word.charAt(0));
        return named && !PURE_FUNCTIONS.contains(word) && !GRAMMAR.contains(word);
    }
}
