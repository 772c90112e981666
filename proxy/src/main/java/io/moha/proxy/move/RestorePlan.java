package io.moha.proxy.move;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * The commands that make a fresh connection the session it replaces, in the order in which they
 * have to come: trackers, variables, options, statements, an empty transaction. The login has
 * restored schema, character set and capabilities already. Pure.
 */
public final class RestorePlan {

    /**
     * Variables that say nothing about the session elsewhere: of one statement, of the connection,
     * reported with a wrong value, or restored by {@link TrackerSettings}.
     */
    private static final Set<String> NOT_REPLAYED =
            Set.of(
                    "error_count",
                    "gtid_next",
                    "immediate_server_version",
                    "insert_id",
                    "original_commit_timestamp",
                    "original_server_version",
                    "pseudo_thread_id",
                    "rand_seed1",
                    "rand_seed2",
                    "resultset_metadata",
                    "session_track_schema",
                    "session_track_state_change",
                    "session_track_system_variables",
                    "session_track_transaction_info",
                    "statement_id",
                    "timestamp",
                    "warning_count");

    /** Variables for which the tracker writes NULL as an empty string. */
    private static final Set<String> NULLABLE =
            Set.of("character_set_results", "innodb_ft_user_stopword_table", "innodb_tmpdir");

    /** Setting one of these changes others, so they come last and in this order. */
    private static final List<String> LATE =
            List.of(
                    "character_set_client",
                    "character_set_results",
                    "character_set_connection",
                    "collation_connection");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final byte[] MULTI_STATEMENTS_ON = {0, 0};
    private static final byte[] MULTI_STATEMENTS_OFF = {1, 0};

    private RestorePlan() {}

    /**
     * The steps for {@code session}.
     *
     * @param capabilities negotiated on the new connection
     */
    static List<RestoreStep> of(SessionPicture session, int capabilities) {
        List<RestoreStep> steps = new ArrayList<>();
        // Not required: a user whose password has expired may not even do this.
        steps.add(query(session.trackers().assertion(), capabilities, false));
        steps.add(query(TrackerSettings.CLEAR_WARNINGS, capabilities, false));
        String variables = assignments(session);
        if (!variables.isEmpty()) {
            steps.add(query("SET " + variables, capabilities, true));
        }
        session.multiStatements()
                .ifPresent(
                        on ->
                                steps.add(
                                        new RestoreStep(
                                                Command.SET_OPTION,
                                                on ? MULTI_STATEMENTS_ON : MULTI_STATEMENTS_OFF,
                                                null,
                                                true)));
        addStatements(session, steps);
        for (String sql : session.transaction()) {
            steps.add(query(sql, capabilities, true));
        }
        return steps;
    }

    /**
     * A server looks names up in the schema of when a statement is prepared, whatever schema it is
     * executed in.
     */
    private static void addStatements(SessionPicture session, List<RestoreStep> steps) {
        String present = session.login().schema();
        String schema = present;
        for (PreparedText statement : session.statements()) {
            String own = statement.schema();
            if (own != null && present == null) {
                // That schema was dropped, and nobody could go back to having none.
                continue;
            }
            if (own != null && !own.equals(schema)) {
                steps.add(use(own, false));
                schema = own;
            }
            steps.add(new RestoreStep(Command.STMT_PREPARE, statement.sql(), statement, false));
        }
        if (present != null && !present.equals(schema)) {
            steps.add(use(present, true));
        }
    }

    private static RestoreStep use(String schema, boolean required) {
        return new RestoreStep(Command.INIT_DB, schema.getBytes(UTF_8), null, required);
    }

    /** The list of assignments behind SET; empty when there is nothing to set. */
    private static String assignments(SessionPicture session) {
        StringJoiner list = new StringJoiner(",");
        if (session.charsetReset()) {
            list.add("NAMES DEFAULT");
        }
        SequencedMap<String, String> variables = session.variables();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String name = variable.getKey();
            if (!NOT_REPLAYED.contains(name) && !LATE.contains(name)) {
                list.add(assignment(name, variable.getValue()));
            }
        }
        for (String name : LATE) {
            String value = variables.get(name);
            if (value != null) {
                list.add(assignment(name, value));
            }
        }
        session.collation().ifPresent(name -> list.add(assignment("collation_connection", name)));
        return list.toString();
    }

    private static String assignment(String name, String value) {
        return "@@SESSION." + name + "=" + literal(name, value);
    }

    private static String literal(String name, String value) {
        if (value.isEmpty() && NULLABLE.contains(name)) {
            return "NULL";
        }
        if (NUMBER.matcher(value).matches()) {
            return value;
        }
        return Literals.text(value);
    }

    /**
     * A COM_QUERY of the proxy's own.
     *
     * @param capabilities negotiated on the connection; with QUERY_ATTRIBUTES every query begins
     *     with its attributes, here none
     */
    public static byte[] queryArgument(String sql, int capabilities) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(sql.length() + 2);
        if (Capability.has(capabilities, Capability.QUERY_ATTRIBUTES)) {
            out.write(0);
            out.write(1);
        }
        out.writeBytes(sql.getBytes(UTF_8));
        return out.toByteArray();
    }

    private static RestoreStep query(String sql, int capabilities, boolean required) {
        return new RestoreStep(Command.QUERY, queryArgument(sql, capabilities), null, required);
    }
}
