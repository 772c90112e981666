package io.moha.protocol.response;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketScanner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the response to each command ends, walking packet headers in place.
 *
 * <pre>
 *            ┌──────────── another result follows ────────────┐
 *            ▼                                                │
 * begin ─▶ FIRST ─ column count ─▶ COLUMNS ─▶ COLUMNS_END ─▶ ROWS ─▶ DONE
 *            │ OK, ERR                         (legacy EOF)
 *            └──────────────────────────────────────────────────────▶ DONE
 * begin(PREPARE) ─▶ FIRST ─ PREPARED ─▶ COLUMNS ─▶ COLUMNS_END, once each for parameters and columns
 * begin(FETCH) ─▶ ROWS,  begin(FIELD_LIST) ─▶ ROWS,  begin(STATISTICS) ─▶ FIRST
 * </pre>
 *
 * <p>Packets that decide something (OK, ERR, EOF, counts, the head of a PREPARE) are looked at only
 * when they lie whole in the buffer; where one is cut, {@link #position} stays in front of it. All
 * other packets go by with their buffers. Nothing is allocated, no buffer is kept, no reader index
 * moved. Confined to one thread.
 */
public final class ResponseTracker {

    private static final int OK_HEADER = 0x00;
    private static final int ERR_HEADER = 0xFF;
    private static final int END_HEADER = 0xFE;
    private static final int FILE_HEADER = 0xFB;
    private static final int EOF_LENGTH = 5;

    /** A legacy row may begin with 0xFE as well, as the length of a string; it is longer then. */
    private static final int LEGACY_END_LIMIT = 9;

    private enum Phase {
        FIRST,
        COLUMNS,
        COLUMNS_END,
        ROWS,
        DONE
    }

    private final PacketScanner packets = new PacketScanner();
    private final OkPacketView ok = new OkPacketView();
    private final boolean deprecateEof;
    private final boolean optionalMetadata;

    private Phase phase = Phase.DONE;
    private ResponseShape shape = ResponseShape.NONE;
    private Command command = Command.SLEEP;
    private int definitions;
    private int definitionsAfter;
    private boolean outParameters;
    private int status;
    private int errorNumber;
    private long statementId;
    private int columns;
    private int parameters;
    private int eventStart;

    /**
     * @param capabilities what was negotiated on the connection; SESSION_TRACK must be among it
     */
    public ResponseTracker(int capabilities) {
        deprecateEof = Capability.has(capabilities, Capability.DEPRECATE_EOF);
        optionalMetadata = Capability.has(capabilities, Capability.OPTIONAL_RESULTSET_METADATA);
    }

    /** Expects the response to {@code command} next; a shape without response is done at once. */
    public void begin(Command command) {
        this.command = command;
        shape = ResponseShape.of(command);
        outParameters = false;
        phase =
                switch (shape) {
                    case NONE, STREAM -> Phase.DONE;
                    case ROWS, FIELDS -> Phase.ROWS;
                    case RESULTS, PREPARED, TEXT -> Phase.FIRST;
                };
    }

    /** Whether the response has ended, or none was expected. */
    public boolean isComplete() {
        return phase == Phase.DONE;
    }

    /**
     * Walks on from {@code from} to the next event. After {@link ResponseEvent#MORE_BYTES} bytes up
     * to {@link #position} are done with; after any other event, too, and {@link #eventStart} is
     * where its packet begins. Call again with {@link #position} until {@link #isComplete}.
     *
     * @param from absolute index of the first byte not done with
     * @throws MalformedPacketException when this cannot be the response to the command
     */
    public ResponseEvent accept(ByteBuf in, int from) {
        int end = in.writerIndex();
        packets.moveTo(from);
        while (phase == Phase.ROWS
                ? packets.nextFrom(in, end, END_HEADER)
                : packets.next(in, end)) {
            ResponseEvent event =
                    switch (phase) {
                        case FIRST -> onFirst(in, end);
                        case COLUMNS -> onDefinition(end);
                        case COLUMNS_END -> onDefinitionsEnd(in, end);
                        case ROWS -> onRow(in, end);
                        case DONE -> throw new MalformedPacketException("no response is due");
                    };
            if (event != null) {
                return event;
            }
        }
        return ResponseEvent.MORE_BYTES;
    }

    private @Nullable ResponseEvent onFirst(ByteBuf in, int end) {
        if (packets.first() == FILE_HEADER && command == Command.QUERY) {
            // The phase stays: the server answers OK or ERR once it has the file.
            return passed(end, ResponseEvent.LOCAL_INFILE);
        }
        if (!packets.isWhole(end)) {
            return ResponseEvent.MORE_BYTES;
        }
        if (packets.first() == ERR_HEADER) {
            return onError(in, end);
        }
        if (shape == ResponseShape.TEXT) {
            phase = Phase.DONE;
            return passed(end, ResponseEvent.END);
        }
        if (shape == ResponseShape.PREPARED) {
            return onPrepared(in, end);
        }
        if (packets.first() == OK_HEADER || packets.first() == END_HEADER) {
            return onResultEnd(in, end);
        }
        onColumnCount(in);
        packets.pass(end);
        return null;
    }

    private void onColumnCount(ByteBuf in) {
        int start = packets.payloadStart();
        int countSize = LengthEncoded.size(packets.first());
        long count =
                switch (countSize) {
                    case 1 -> packets.first();
                    case 3 -> in.getUnsignedShortLE(start + 1);
                    default -> throw new MalformedPacketException("no result has so many columns");
                };
        boolean described =
                !optionalMetadata
                        || packets.length() == countSize
                        || in.getByte(start + countSize) != 0;
        expectDefinitions(described ? (int) count : 0, 0);
    }

    private void expectDefinitions(int now, int after) {
        definitions = now;
        definitionsAfter = after;
        phase = now > 0 ? Phase.COLUMNS : Phase.ROWS;
    }

    private @Nullable ResponseEvent onDefinition(int end) {
        // The last one may be the end of the response, and must not be half forwarded then.
        if (definitions == 1 && !packets.isWhole(end)) {
            return ResponseEvent.MORE_BYTES;
        }
        eventStart = packets.position();
        packets.pass(end);
        definitions--;
        if (definitions > 0) {
            return null;
        }
        if (!deprecateEof) {
            phase = Phase.COLUMNS_END;
            return null;
        }
        return endDefinitions();
    }

    private @Nullable ResponseEvent onDefinitionsEnd(ByteBuf in, int end) {
        if (!packets.isWhole(end)) {
            return ResponseEvent.MORE_BYTES;
        }
        readEof(in);
        eventStart = packets.position();
        packets.pass(end);
        // The end of the rows repeats neither flag: an open cursor sends no rows now, and OUT
        // parameters are followed by one more result.
        if (command == Command.STMT_EXECUTE
                && ServerStatus.has(status, ServerStatus.CURSOR_EXISTS)) {
            phase = Phase.DONE;
            return ResponseEvent.EOF;
        }
        outParameters = ServerStatus.has(status, ServerStatus.PS_OUT_PARAMS);
        return endDefinitions();
    }

    private @Nullable ResponseEvent endDefinitions() {
        if (definitionsAfter > 0) {
            expectDefinitions(definitionsAfter, 0);
            return null;
        }
        if (shape == ResponseShape.PREPARED) {
            phase = Phase.DONE;
            return ResponseEvent.END;
        }
        phase = Phase.ROWS;
        return null;
    }

    private @Nullable ResponseEvent onRow(ByteBuf in, int end) {
        int first = packets.first();
        if (first == END_HEADER && endsRows(packets.length())) {
            return packets.isWhole(end) ? onResultEnd(in, end) : ResponseEvent.MORE_BYTES;
        }
        if (first == ERR_HEADER) {
            return packets.isWhole(end) ? onError(in, end) : ResponseEvent.MORE_BYTES;
        }
        packets.pass(end);
        return null;
    }

    // A row can also begin with 0xFE, as the mark of an eight-byte length. Such a row fills a whole
    // packet; an OK packet never does, but may well be longer than a legacy EOF.
    private boolean endsRows(int payloadLength) {
        return payloadLength < (deprecateEof ? PacketHeader.MAX_PAYLOAD : LEGACY_END_LIMIT);
    }

    private ResponseEvent onResultEnd(ByteBuf in, int end) {
        boolean eof = packets.first() == END_HEADER && packets.length() == EOF_LENGTH;
        if (eof) {
            readEof(in);
        } else {
            ok.locate(in, packets.position(), packets.payloadStart() + packets.length());
            status = ok.status();
        }
        boolean more = ServerStatus.has(status, ServerStatus.MORE_RESULTS_EXISTS) || outParameters;
        outParameters = false;
        phase = more ? Phase.FIRST : Phase.DONE;
        return passed(end, eof ? ResponseEvent.EOF : ResponseEvent.OK);
    }

    private void readEof(ByteBuf in) {
        if (packets.first() != END_HEADER || packets.length() != EOF_LENGTH) {
            throw new MalformedPacketException("an EOF packet is missing");
        }
        status = in.getUnsignedShortLE(packets.payloadStart() + 3);
    }

    private ResponseEvent onError(ByteBuf in, int end) {
        if (packets.length() < 3) {
            throw new MalformedPacketException("an error without number");
        }
        errorNumber = in.getUnsignedShortLE(packets.payloadStart() + 1);
        phase = Phase.DONE;
        return passed(end, ResponseEvent.ERR);
    }

    private ResponseEvent onPrepared(ByteBuf in, int end) {
        int start = packets.payloadStart();
        if (packets.first() != OK_HEADER || packets.length() < 12) {
            throw new MalformedPacketException("no answer to a PREPARE");
        }
        statementId = in.getUnsignedIntLE(start + 1);
        columns = in.getUnsignedShortLE(start + 5);
        parameters = in.getUnsignedShortLE(start + 7);
        boolean described =
                !optionalMetadata || packets.length() < 13 || in.getByte(start + 12) != 0;
        phase = Phase.DONE;
        if (described && parameters + columns > 0) {
            boolean both = parameters > 0 && columns > 0;
            expectDefinitions(parameters > 0 ? parameters : columns, both ? columns : 0);
        }
        return passed(end, ResponseEvent.PREPARED);
    }

    private ResponseEvent passed(int end, ResponseEvent event) {
        eventStart = packets.position();
        packets.pass(end);
        return event;
    }

    /** Whether all that was accepted ends with a packet, so that another packet could follow. */
    public boolean isAtBoundary() {
        return packets.isAtBoundary();
    }

    /** Absolute index of the first byte not done with. */
    public int position() {
        return packets.position();
    }

    /** Absolute index of the header of the packet that the last event is about. */
    public int eventStart() {
        return eventStart;
    }

    /** Sequence number of the last packet passed. */
    public int sequence() {
        return packets.sequence();
    }

    /** The status flags of the last OK or EOF packet. */
    public int status() {
        return status;
    }

    /** After {@link ResponseEvent#OK}: the packet. */
    public OkPacketView ok() {
        return ok;
    }

    /** After {@link ResponseEvent#ERR}: its number. */
    public int errorNumber() {
        return errorNumber;
    }

    /** After {@link ResponseEvent#PREPARED}: the server's id of the statement, unsigned 32 bits. */
    public long statementId() {
        return statementId;
    }

    /** After {@link ResponseEvent#PREPARED}: how many columns its result has. */
    public int columns() {
        return columns;
    }

    /** After {@link ResponseEvent#PREPARED}: how many parameters it takes. */
    public int parameters() {
        return parameters;
    }
}
