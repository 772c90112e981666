package io.moha.protocol.response;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which session state changes a client wants to see. The proxy has its own settings on the server;
 * these are the ones the client believes to have there. Only session_track_gtids is the client's on
 * the server, too, so that GTIDs come exactly when they are wanted.
 *
 * @param tracks whether the client's link has SESSION_TRACK; without it nothing else counts
 * @param variables names of system variables, lower case; {@code *} stands for all
 * @param schema whether session_track_schema is on
 * @param stateChange whether session_track_state_change is on
 * @param transactionState whether session_track_transaction_info is STATE or CHARACTERISTICS
 * @param characteristics whether session_track_transaction_info is CHARACTERISTICS
 */
public record TrackerWishes(
        boolean tracks,
        Set<String> variables,
        boolean schema,
        boolean stateChange,
        boolean transactionState,
        boolean characteristics) {

    /** The wishes of a client without SESSION_TRACK. */
    public static final TrackerWishes NOTHING =
            new TrackerWishes(false, Set.of(), false, false, false, false);

    /** The wishes of a client that changed nothing: MySQL's defaults from 8.0 to 9.7. */
    public static final TrackerWishes DEFAULTS =
            of(
                    "time_zone,autocommit,character_set_client,character_set_results,"
                            + "character_set_connection",
                    "1",
                    "0",
                    "OFF");

    private static final String ALL = "*";

    /** Copies the set. */
    public TrackerWishes {
        variables = Set.copyOf(variables);
    }

    /**
     * The wishes that the values of the {@code session_track_*} variables stand for, as a SELECT
     * gives them.
     */
    public static TrackerWishes of(
            String variables, String schema, String stateChange, String transactionInfo) {
        Set<String> names = new TreeSet<>();
        for (String name : variables.split(",", -1)) {
            names.add(name.strip().toLowerCase(Locale.ROOT));
        }
        return new TrackerWishes(
                true,
                names,
                isOn(schema),
                isOn(stateChange),
                isOn(transactionInfo),
                transactionInfo.equalsIgnoreCase("CHARACTERISTICS"));
    }

    private static boolean isOn(String value) {
        return !value.equals("0") && !value.equalsIgnoreCase("OFF");
    }

    /** Whether a change of {@code type}, not of a variable, is wanted. */
    boolean wants(int type) {
        return switch (type) {
            case SessionChanges.SCHEMA -> schema;
            case SessionChanges.STATE_CHANGE -> stateChange;
            case SessionChanges.GTIDS -> true;
            case SessionChanges.TRANSACTION_CHARACTERISTICS -> characteristics;
            case SessionChanges.TRANSACTION_STATE -> transactionState;
            default -> false;
        };
    }

    /** Whether changes of the system variable are wanted. */
    boolean wantsVariable(String name) {
        return variables.contains(ALL) || variables.contains(name.toLowerCase(Locale.ROOT));
    }
}
