package io.moha.proxy.session;

import static io.moha.proxy.statement.StatementTrait.GTID_NEXT;
import static io.moha.proxy.statement.StatementTrait.HANDLER;
import static io.moha.proxy.statement.StatementTrait.LOCK;
import static io.moha.proxy.statement.StatementTrait.NAMED_STATEMENT;
import static io.moha.proxy.statement.StatementTrait.ROLE;
import static io.moha.proxy.statement.StatementTrait.ROUTINE;
import static io.moha.proxy.statement.StatementTrait.STICKY;
import static io.moha.proxy.statement.StatementTrait.TEMPORARY_TABLE;
import static io.moha.proxy.statement.StatementTrait.USER_VARIABLE;
import static io.moha.proxy.statement.StatementTrait.XA;

import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.response.SessionChanges;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.move.MovedSession;
import io.moha.proxy.move.PreparedText;
import io.moha.proxy.move.SessionPicture;
import io.moha.proxy.move.TrackerSettings;
import io.moha.proxy.statement.SetStatement;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a session has gathered and would need on another server, and what it has gathered that
 * cannot be taken there. Fed by session trackers, and by the words of statements for what trackers
 * do not tell.
 */
final class SessionMemory implements SessionChanges.Visitor {

    /** Something changed, and neither a tracker nor the statement says what. */
    private static final int UNEXPLAINED = 1 << 30;

    /** Variables whose value belongs to one statement or moment; set, they cannot be restored. */
    private static final List<String> MOMENTARY = List.of("timestamp", "rand_seed1", "rand_seed2");

    private static final int LOCK_TABLES_MARK = 7;

    private static final String CONNECTION_CHARSET = "character_set_connection";
    private static final String CONNECTION_COLLATION = "collation_connection";

    /** How trackers and SELECT write that a variable is off. */
    private static final List<String> OFF = List.of("OFF", "0");

    /** How many bytes of prepared statements one session keeps. */
    private static final int MAX_KEPT_TEXT = 4 << 20;

    private static final byte[] NO_TEXT = {};

    private final SequencedMap<String, String> variables = new LinkedHashMap<>();
    private final LongObjectHashMap<PreparedStatement> statements = new LongObjectHashMap<>();
    private @Nullable String schema;
    private Optional<String> collation = Optional.empty();
    private Optional<Boolean> multiStatements = Optional.empty();
    private int sticky;
    private boolean tablesLocked;
    private final TransactionMemory transaction = new TransactionMemory();
    private int unrestorableStatements;
    private int keptText;
    private boolean prepareUnreported;
    private boolean unread;
    private boolean charsetReset;
    private boolean charsetTold;
    private boolean collationTold;
    private boolean changed;
    private boolean explained;

    SessionMemory(@Nullable String schema) {
        this.schema = schema;
    }

    /** Everything back to how a login leaves it; statements are gone, the schema is {@code now}. */
    void reset(@Nullable String now) {
        variables.clear();
        statements.clear();
        schema = now;
        charsetReset = false;
        collation = Optional.empty();
        multiStatements = Optional.empty();
        sticky = 0;
        tablesLocked = false;
        transaction.forget();
        unrestorableStatements = 0;
        keptText = 0;
        prepareUnreported = false;
        unread = false;
    }

    /** COM_RESET_CONNECTION: as {@link #reset}, but schema and options stay. */
    void resetConnection() {
        Optional<Boolean> option = multiStatements;
        boolean roles = (sticky & ROLE) != 0;
        reset(schema);
        charsetReset = true;
        multiStatements = option;
        sticky = roles ? ROLE : 0;
    }

    /** Something was changed that cannot be known. */
    void onUnexplained() {
        sticky |= UNEXPLAINED;
    }

    /** Whether something was changed that can be asked for, and has not been yet. */
    void onUnread(boolean now) {
        unread = now;
    }

    boolean tablesLocked() {
        return tablesLocked;
    }

    /** As {@link #tablesLocked} tells; for when the server has said something else by mistake. */
    void onTablesLocked(boolean locked) {
        tablesLocked = locked;
    }

    @Nullable String schema() {
        return schema;
    }

    /** A statement with {@code traits} goes to the server. */
    void onStatement(int traits) {
        sticky |= traits & STICKY;
    }

    /** A SET goes to the server. */
    void onSet(SetStatement set) {
        sticky |= set.traits() & STICKY;
        if (set.names()) {
            collation = set.collation();
            variables.remove(CONNECTION_COLLATION);
        }
    }

    void onMultiStatements(boolean on) {
        multiStatements = Optional.of(on);
    }

    /**
     * The changes of one OK packet were all told.
     *
     * @param traits of the statement it answers
     */
    void onChangesEnd(int traits) {
        if (changed && !explained && (traits & STICKY) == 0 && !prepareUnreported) {
            sticky |= UNEXPLAINED;
        }
        if (changed) {
            prepareUnreported = false;
        }
        onOwnChangesEnd();
    }

    /**
     * The changes of an OK packet were told that answers a command of the proxy's own, which is
     * part of what changed.
     */
    void onOwnChangesEnd() {
        settleCollation();
        changed = false;
        explained = false;
    }

    @Override
    public void onVariable(String name, String value) {
        explained = true;
        if (MOMENTARY.contains(name)) {
            sticky |= UNEXPLAINED;
        } else if (name.equals("gtid_next")) {
            sticky |= value.equals("AUTOMATIC") ? 0 : GTID_NEXT;
        } else {
            // Last in, last replayed: a later setting may build on an earlier one.
            variables.remove(name);
            variables.put(name, value);
            charsetTold |= name.equals(CONNECTION_CHARSET);
            collationTold |= name.equals(CONNECTION_COLLATION);
        }
    }

    /** Each of the two changes the other, and only the one that was set is told. */
    private void settleCollation() {
        if (collationTold) {
            collation = Optional.empty();
        } else if (charsetTold) {
            variables.remove(CONNECTION_COLLATION);
        }
        charsetTold = false;
        collationTold = false;
    }

    @Override
    public void onSchema(String now) {
        explained = true;
        schema = now.isEmpty() ? null : now;
    }

    @Override
    public void onStateChanged() {
        changed = true;
    }

    @Override
    public void onGtids(String gtids) {}

    @Override
    public void onTransactionCharacteristics(String sql) {
        transaction.onCharacteristics(sql);
    }

    @Override
    public void onTransactionState(ByteBuf in, int index) {
        tablesLocked = in.getByte(index + LOCK_TABLES_MARK) == 'L';
        transaction.onState(in, index);
    }

    /** What is known of the transaction. */
    TransactionMemory transaction() {
        return transaction;
    }

    /**
     * A statement was prepared.
     *
     * @param sql null when it was too long to be kept
     * @return the id under which the client is to know it: the server's, unless the client already
     *     knows another statement by that number
     */
    long onPrepared(long serverId, byte @Nullable [] sql, int parameters) {
        prepareUnreported = true;
        long clientId = serverId;
        while (statements.containsKey(clientId)) {
            clientId = clientId % Integer.MAX_VALUE + 1;
        }
        boolean kept = sql != null && keptText + sql.length <= MAX_KEPT_TEXT;
        unrestorableStatements += kept ? 0 : 1;
        byte[] text = kept && sql != null ? sql : NO_TEXT;
        keptText += text.length;
        statements.put(
                clientId, new PreparedStatement(clientId, serverId, text, parameters, schema));
        return clientId;
    }

    @Nullable PreparedStatement statement(long clientId) {
        return statements.get(clientId);
    }

    void onStatementClosed(long clientId) {
        PreparedStatement closed = statements.remove(clientId);
        if (closed != null) {
            keptText -= closed.sql.length;
            unrestorableStatements -= closed.sql.length == 0 ? 1 : 0;
        }
    }

    /** What is needed elsewhere; {@code login} carries schema and capabilities. */
    SessionPicture picture(BackendLoginRequest login, TrackerSettings trackers) {
        List<PreparedText> texts = new ArrayList<>(statements.size());
        for (PreparedStatement statement : statements.values()) {
            texts.add(
                    new PreparedText(
                            statement.clientId,
                            statement.sql,
                            statement.parameters,
                            statement.schema));
        }
        return new SessionPicture(
                login,
                new LinkedHashMap<>(variables),
                charsetReset,
                collation,
                multiStatements,
                texts,
                trackers,
                transaction.restart());
    }

    /** The session stands on another server now. */
    void onMoved(MovedSession moved) {
        for (PreparedStatement statement : statements.values()) {
            Long id = moved.serverIds().get(statement.clientId);
            statement.movedTo(id == null ? PreparedStatement.NOWHERE : id);
        }
        prepareUnreported = true;
    }

    /** The status flags of a session that has no server, for an answer of the proxy's own. */
    int statusOfDetached() {
        String autocommit = variables.get("autocommit");
        String mode = variables.get("sql_mode");
        boolean off = autocommit != null && OFF.contains(autocommit.toUpperCase(Locale.ROOT));
        boolean plain = mode != null && mode.contains("NO_BACKSLASH_ESCAPES");
        return (off ? 0 : ServerStatus.AUTOCOMMIT)
                | (plain ? ServerStatus.NO_BACKSLASH_ESCAPES : 0)
                | (transaction.restarts() ? ServerStatus.IN_TRANS : 0);
    }

    /** Why the session cannot be rebuilt elsewhere; null when it can. For people. */
    @Nullable String pinReason() {
        if (tablesLocked) {
            return "LOCK TABLES";
        }
        if (unrestorableStatements > 0) {
            return "prepared statements too long to be kept";
        }
        for (PreparedStatement statement : statements.values()) {
            if (statement.cursorOpen) {
                return "an open cursor";
            }
            if (statement.hasLongData) {
                return "a parameter sent in parts";
            }
        }
        if (unread) {
            return "settings of session trackers that were just changed";
        }
        return sticky == 0 ? null : stickyReason();
    }

    private String stickyReason() {
        return switch (Integer.lowestOneBit(sticky)) {
            case LOCK -> "a lock (GET_LOCK, LOCK INSTANCE or FLUSH TABLES WITH READ LOCK)";
            case TEMPORARY_TABLE -> "a temporary table";
            case USER_VARIABLE -> "a user variable";
            case HANDLER -> "HANDLER";
            case XA -> "XA";
            case ROUTINE -> "CALL";
            case NAMED_STATEMENT -> "PREPARE in SQL";
            case ROLE -> "SET ROLE or SET RESOURCE GROUP";
            case GTID_NEXT -> "gtid_next";
            default -> "a change of session state that no tracker explains";
        };
    }

    /** Whether the session can be rebuilt elsewhere. */
    boolean isMovable() {
        return pinReason() == null;
    }
}
