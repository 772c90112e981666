package io.moha.proxy.statement;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * Where a COM_STMT_EXECUTE says of what types its parameters are. A server keeps them from one
 * execution to the next, so a client sends them only when they change, and whoever executes on
 * another server has to send them again.
 */
public final class ExecuteTypes {

    private static final int FLAGS = 5;
    private static final int PARAMETER_COUNT_AVAILABLE = 0x08;
    private static final int PARAMETERS = 10;

    private int boundIndex;
    private int end;
    private boolean bound;

    /**
     * Finds the place in a command that lies whole in the buffer.
     *
     * @param start absolute index of the command byte
     * @param payloadEnd behind the command
     * @param parameters how many parameters the statement takes
     * @param capabilities of the client's link
     * @return whether there are parameters, and all could be read
     */
    public boolean locate(ByteBuf in, int start, int payloadEnd, int parameters, int capabilities) {
        ByteBuf command = in.slice(start, payloadEnd - start);
        try {
            return locate(command, start, parameters, capabilities);
        } catch (IndexOutOfBoundsException | MalformedPacketException e) {
            return false;
        }
    }

    private boolean locate(ByteBuf command, int start, int parameters, int capabilities) {
        boolean named = Capability.has(capabilities, Capability.QUERY_ATTRIBUTES);
        int count = parameters;
        command.readerIndex(PARAMETERS);
        if (named && (command.getByte(FLAGS) & PARAMETER_COUNT_AVAILABLE) != 0) {
            count = count(command);
        }
        if (count == 0) {
            return false;
        }
        command.skipBytes((count + 7) / 8);
        boundIndex = start + command.readerIndex();
        bound = command.readByte() != 0;
        for (int i = 0; bound && i < count; i++) {
            command.skipBytes(2);
            if (named) {
                command.skipBytes(LengthEncoded.readLength(command));
            }
        }
        end = start + command.readerIndex();
        return true;
    }

    /**
     * Reads how many parameters or attributes follow; a number that cannot be right, because each
     * takes a byte at least, is refused before anything is made of its size.
     */
    static int count(ByteBuf in) {
        long count = LengthEncoded.readInteger(in);
        if (count < 0 || count > in.readableBytes()) {
            throw new MalformedPacketException(count + " parameters");
        }
        return (int) count;
    }

    /** Whether the types are there. */
    public boolean isBound() {
        return bound;
    }

    /** Absolute index of the byte that says whether the types follow. */
    public int boundIndex() {
        return boundIndex;
    }

    /** Absolute index of the first type, or of what comes instead. */
    public int start() {
        return boundIndex + 1;
    }

    /** Behind the last type. */
    public int end() {
        return end;
    }
}
