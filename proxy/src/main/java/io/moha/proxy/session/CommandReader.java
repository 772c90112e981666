package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
import io.moha.protocol.response.ResponseShape;
import io.moha.protocol.wire.CommandScanner;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.statement.ExecuteTypes;
import io.moha.proxy.statement.QueryText;
import io.moha.proxy.statement.SetStatement;
import io.moha.proxy.statement.StatementKind;
import io.moha.proxy.statement.StatementTrait;
import io.moha.proxy.statement.TraitScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a command what the session has to remember, and writes into it what the present server
 * has to see: its own number of a prepared statement, types of parameters that it was never told.
 */
final class CommandReader {

    private static final int ID = 1;

    /** No server has given this number to a statement, so any answers it with 1243. */
    private static final int NO_STATEMENT = -1;

    /** A KILL with a comment or two; longer statements are not looked at for one. */
    private static final int LONGEST_KILL = 256;

    /** For a COM_SET_OPTION that names none, which servers refuse. */
    private static final int NO_OPTION = -1;

    private final ClientLink client;
    private final SessionMemory memory;
    private final Kills kills;
    private final HoldBudget budget;
    private final TraitScan scan = new TraitScan();

    /** Whether any statement was prepared that is about session trackers. */
    private boolean preparesTrackers;

    private final ExecuteTypes types = new ExecuteTypes();

    CommandReader(ClientLink client, SessionMemory memory, Kills kills, HoldBudget budget) {
        this.client = client;
        this.memory = memory;
        this.kills = kills;
        this.budget = budget;
    }

    /**
     * Reads the command at the scanner's position, of which all is there that is needed, and
     * expects its response.
     *
     * @param traits as {@link #traits} gave them
     * @return null to forward the command as it lies in {@code in}; else what to send instead,
     *     which the caller owns
     */
    @Nullable ByteBuf read(
            ByteBuf in, CommandScanner scanner, int end, ServerLink link, int traits) {
        Command command = scanner.command();
        int start = scanner.payloadStart();
        boolean whole = scanner.isWhole(end);
        int payloadEnd = Math.min(start + scanner.length(), end);
        if (ResponseShape.of(command) == ResponseShape.NONE) {
            onUnanswered(in, command, start, payloadEnd);
            return null;
        }
        Exchange exchange = link.expect(command);
        exchange.traits = traits;
        if (whole) {
            exchange.keepRequest(in, scanner.position(), payloadEnd);
        } else {
            exchange.longRequest = new LongRequest(budget);
        }
        switch (command) {
            case QUERY -> {
                onStatement(in, start, payloadEnd, traits);
                if (whole && (traits & StatementTrait.KILL) != 0) {
                    return kills.rewrite(in, start, payloadEnd, link, exchange);
                }
            }
            case PROCESS_KILL -> {
                return whole && payloadEnd - start > Integer.BYTES
                        ? kills.rewrite(in, start, payloadEnd, link, exchange)
                        : null;
            }
            case STMT_PREPARE -> {
                preparesTrackers |= (traits & StatementTrait.TRACKERS) != 0;
                onPrepare(in, start + 1, payloadEnd, traits);
                exchange.sql =
                        whole ? ByteBufUtil.getBytes(in, start + 1, payloadEnd - start - 1) : null;
            }
            case STMT_EXECUTE -> {
                PreparedStatement statement = useStatement(in, start, payloadEnd);
                exchange.statement = statement;
                exchange.hasLongData = statement != null && statement.hasLongData;
                return statement == null
                        ? null
                        : onExecute(in, start, payloadEnd, scanner.length(), statement);
            }
            case STMT_RESET, STMT_FETCH -> exchange.statement = useStatement(in, start, payloadEnd);
            case SET_OPTION ->
                    exchange.option =
                            payloadEnd > start + 1 ? in.getUnsignedByte(start + 1) : NO_OPTION;
            default -> {}
        }
        return null;
    }

    /**
     * Does what a KILL asks for whose target is a session of this proxy: one that waits must not
     * have to wait for the end of its waiting.
     *
     * @return whether the command at the scanner's position, which is whole, was that
     */
    boolean killWithoutServer(ByteBuf in, CommandScanner scanner) {
        int start = scanner.payloadStart();
        int end = start + scanner.length();
        if (scanner.command() != Command.QUERY || scanner.length() > LONGEST_KILL) {
            return false;
        }
        int text = QueryText.start(in, start, end, client.login.capabilities());
        return kills.withoutServer(in.toString(text, end - text, UTF_8));
    }

    /**
     * The traits of the statement that the command at the scanner's position holds, as far as it is
     * there, or of the prepared one that it executes.
     */
    int traits(ByteBuf in, CommandScanner scanner, int end) {
        int start = scanner.payloadStart();
        int payloadEnd = Math.min(start + scanner.length(), end);
        return switch (scanner.command()) {
            case QUERY -> {
                int text = QueryText.start(in, start, payloadEnd, client.login.capabilities());
                yield scan(in, text, payloadEnd);
            }
            case STMT_PREPARE -> scan(in, start + 1, payloadEnd);
            case STMT_EXECUTE -> preparesTrackers ? trackerTrait(in, start, payloadEnd) : 0;
            default -> 0;
        };
    }

    private int scan(ByteBuf in, int text, int end) {
        scan.begin();
        scan.scan(in, text, end - text);
        return scan.found();
    }

    private int trackerTrait(ByteBuf in, int start, int end) {
        PreparedStatement statement = statementAt(in, start, end);
        if (statement == null) {
            return 0;
        }
        ByteBuf sql = Unpooled.wrappedBuffer(statement.sql);
        return scan(sql, 0, statement.sql.length) & StatementTrait.TRACKERS;
    }

    /** Whether a command reads or sets session trackers. */
    static boolean isAboutTrackers(Command command, int traits) {
        return command == Command.RESET_CONNECTION
                || (command != Command.STMT_PREPARE && (traits & StatementTrait.TRACKERS) != 0);
    }

    /** The text that the command at the scanner's position runs; null when it runs none. */
    @Nullable String textOf(ByteBuf in, CommandScanner scanner, int end) {
        int start = scanner.payloadStart();
        int payloadEnd = Math.min(start + scanner.length(), end);
        if (scanner.command() == Command.QUERY) {
            int text = QueryText.start(in, start, payloadEnd, client.login.capabilities());
            return in.toString(text, payloadEnd - text, UTF_8);
        }
        PreparedStatement statement = statementAt(in, start, payloadEnd);
        return scanner.command() == Command.STMT_EXECUTE && statement != null
                ? new String(statement.sql, UTF_8)
                : null;
    }

    private @Nullable PreparedStatement statementAt(ByteBuf in, int start, int end) {
        return end - start < ID + Integer.BYTES
                ? null
                : memory.statement(in.getUnsignedIntLE(start + ID));
    }

    private void onStatement(ByteBuf in, int start, int end, int traits) {
        if (traits != 0) {
            int text = QueryText.start(in, start, end, client.login.capabilities());
            onPrepare(in, text, end, traits);
        }
    }

    private void onPrepare(ByteBuf in, int text, int end, int traits) {
        memory.onStatement(traits);
        if ((traits & StatementTrait.SET) != 0) {
            memory.onSet(SetStatement.of(in.toString(text, end - text, UTF_8)));
        }
    }

    /** More bytes of a statement that was too long to be looked at whole. */
    void continueStatement(ByteBuf in, int start, int end) {
        scan.scan(in, start, end - start);
        memory.onStatement(scan.found());
    }

    private void onUnanswered(ByteBuf in, Command command, int start, int end) {
        PreparedStatement statement = useStatement(in, start, end);
        if (statement == null) {
            return;
        }
        if (command == Command.STMT_CLOSE) {
            memory.onStatementClosed(statement.clientId);
        } else {
            statement.hasLongData = true;
        }
    }

    /** A statement is closed while there is no server that would have to know. */
    void forgetStatement(ByteBuf in, int start, int length) {
        if (length >= ID + Integer.BYTES) {
            memory.onStatementClosed(in.getUnsignedIntLE(start + ID));
        }
    }

    /**
     * Finds the statement that a command names, and names it as the present server does. A command
     * too short to name one is for the server to refuse.
     */
    private @Nullable PreparedStatement useStatement(ByteBuf in, int start, int end) {
        if (end - start < ID + Integer.BYTES) {
            return null;
        }
        long clientId = in.getUnsignedIntLE(start + ID);
        PreparedStatement statement = memory.statement(clientId);
        if (statement == null) {
            // A server after a move may have another statement of this number.
            in.setIntLE(start + ID, NO_STATEMENT);
        } else if (statement.serverId != clientId) {
            in.setIntLE(start + ID, (int) statement.serverId);
        }
        return statement;
    }

    private @Nullable ByteBuf onExecute(
            ByteBuf in, int start, int end, int length, PreparedStatement statement) {
        statement.hasLongData = false;
        int capabilities = client.login.capabilities();
        // The types stand before the values, so that they are there even when not all of these are.
        if (!types.locate(in, start, end, statement.parameters, capabilities)) {
            return null;
        }
        if (types.isBound()) {
            statement.noteTypes(in, types.start(), types.end());
            return null;
        }
        byte[] known = statement.types();
        if (!statement.typesMissing
                || known == null
                || length + known.length >= PacketHeader.MAX_PAYLOAD) {
            return null;
        }
        statement.typesMissing = false;
        return withTypes(in, start, end, length + known.length, known);
    }

    /**
     * The same execution, as far as it is there, with the types that the client has told another
     * server.
     */
    private ByteBuf withTypes(ByteBuf in, int start, int end, int length, byte[] known) {
        int here = end - start + known.length;
        ByteBuf out = client.channel.alloc().buffer(PacketHeader.SIZE + here);
        PacketWriter.header(out, length, 0);
        out.writeBytes(in, start, types.boundIndex() - start);
        out.writeByte(1).writeBytes(known);
        return out.writeBytes(in, types.start(), end - types.start());
    }

    /** Makes a kept request name its statement as the client does again. */
    static void renameForClient(Exchange exchange, ByteBuf request) {
        PreparedStatement statement = exchange.statement;
        if (statement != null) {
            request.setIntLE(
                    request.readerIndex() + PacketHeader.SIZE + ID, (int) statement.clientId);
        }
    }

    /** What losing the server means for the command of {@code exchange}. */
    StatementKind kindOf(Exchange exchange) {
        ByteBuf request = exchange.request;
        if (exchange.command == Command.STMT_EXECUTE && exchange.statement != null) {
            return exchange.statement.kind();
        }
        if (request == null) {
            return kindOfLong(exchange);
        }
        int start = exchange.requestStart + PacketHeader.SIZE;
        return kindOf(request, exchange.command, start, exchange.requestEnd);
    }

    private StatementKind kindOfLong(Exchange exchange) {
        LongRequest request = exchange.longRequest;
        if (request == null || !request.isWhole() || !request.isKept()) {
            return StatementKind.LASTING;
        }
        ByteBuf all = request.copy(client.channel.alloc());
        try {
            return kindOf(all, exchange.command, PacketHeader.SIZE, all.writerIndex());
        } finally {
            all.release();
        }
    }

    /** What losing the server means for the command whose payload lies from start to end. */
    StatementKind kindOf(ByteBuf in, Command command, int start, int end) {
        return switch (command) {
            case QUERY -> {
                int text = QueryText.start(in, start, end, client.login.capabilities());
                yield StatementKind.of(in.toString(text, end - text, UTF_8));
            }
            case INIT_DB,
                    FIELD_LIST,
                    STATISTICS,
                    DEBUG,
                    PING,
                    STMT_PREPARE,
                    STMT_RESET,
                    SET_OPTION,
                    RESET_CONNECTION ->
                    StatementKind.REPEATABLE;
            default -> StatementKind.LASTING;
        };
    }
}
