package io.moha.proxy.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What trackers tell of the session's transaction: whether anything was done in it, and how to
 * begin it again. A transaction in which nothing was done yet can be begun anew on another server
 * without anybody noticing; so can the wish for the next one's isolation level.
 */
final class TransactionMemory {

    // T or I for a transaction, then seven marks of what was done in it.
    private static final int MARKS = 8;
    private static final byte NOTHING = '_';

    private boolean begun;
    private boolean touched;
    private String characteristics = "";
    private String restart = "";

    /** The eight marks of the transaction lie at the absolute {@code index}. */
    void onState(ByteBuf in, int index) {
        begun = in.getByte(index) != NOTHING;
        touched = false;
        for (int i = 1; i < MARKS; i++) {
            touched |= in.getByte(index + i) != NOTHING;
        }
    }

    /** What begins the same transaction, or the next one, elsewhere; empty for nothing special. */
    void onCharacteristics(String sql) {
        characteristics = sql;
    }

    /** Whether the transaction that is open can be begun anew: nothing was done in it. */
    boolean isEmpty() {
        return begun && !touched && isPlain();
    }

    /** A snapshot is of its moment, and XA of its server. */
    private boolean isPlain() {
        String upper = characteristics.toUpperCase(Locale.ROOT);
        return !upper.contains("SNAPSHOT") && !upper.contains("XA ");
    }

    /**
     * The session leaves its server.
     *
     * @param open whether a transaction is open there
     * @param certain whether all that happened in it was told
     */
    void onLeaving(boolean open, boolean certain) {
        boolean goesAlong = certain && (open ? isEmpty() : !begun && isPlain());
        restart = goesAlong ? characteristics : "";
        if (!goesAlong) {
            characteristics = "";
            begun = false;
            touched = false;
        }
    }

    /** The transaction is over, and the client knows. */
    void forget() {
        begun = false;
        touched = false;
        characteristics = "";
        restart = "";
    }

    /** Whether a transaction is begun on the next server. */
    boolean restarts() {
        return begun && !restart.isEmpty();
    }

    /** The statements with which the next server gets the transaction, in order. */
    List<String> restart() {
        List<String> statements = new ArrayList<>(2);
        for (String statement : restart.split(";", -1)) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }
}
