package io.moha.it.client;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a login went, and the first statement after it, in a form that can be compared.
 *
 * @param errno 0 when all went well
 * @param state SQL state; empty when the client does not tell
 * @param text the row of {@code SELECT CURRENT_USER(), DATABASE()}, or the message
 */
public record Outcome(int errno, String state, String text) {

    private static final Pattern ERROR =
            Pattern.compile("ERROR (\\d+) \\((\\w+)\\)(?: at line \\d+)?: (.*)");
    private static final Pattern CODE = Pattern.compile("error:? \\(?(\\d+)");

    /** The statement after the login said {@code row}. */
    static Outcome ok(String row) {
        return new Outcome(0, "", row);
    }

    /** A driver's exception, without the connection's number, which MariaDB's driver puts first. */
    static Outcome of(SQLException exception) {
        String state = exception.getSQLState() == null ? "" : exception.getSQLState();
        String text = firstLine(exception.getMessage()).replaceAll("^\\(conn=-?\\d+\\) ", "");
        return new Outcome(exception.getErrorCode(), state, text);
    }

    /** What the mysql command line printed; {@code output} is both streams. */
    static Outcome ofMysql(String output) {
        Matcher matcher = ERROR.matcher(output);
        return matcher.find()
                ? new Outcome(
                        Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(3))
                : ok(output.strip());
    }

    /** What a program printed that shows only the number of an error. */
    static Outcome ofProgram(String output) {
        Matcher matcher = CODE.matcher(output);
        return matcher.find()
                ? new Outcome(Integer.parseInt(matcher.group(1)), "", "")
                : ok(output.strip());
    }

    static String firstLine(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("").strip();
    }
}
