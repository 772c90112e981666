package io.moha.protocol.wire;

import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;

/**
 * Walks what a client sends in the command phase: commands, and between them the contents of a file
 * that a server asked for. The rules about buffers are those of {@link PacketScanner}.
 */
public final class CommandScanner {

    private final PacketScanner packets = new PacketScanner();
    private boolean inFile;

    /** Forgets a command or a file of which a part is still to come. */
    public void abandon() {
        packets.abandon();
        inFile = false;
    }

    /** Says that the next bytes of the stream lie at {@code index} of the buffer shown next. */
    public void moveTo(int index) {
        packets.moveTo(index);
    }

    /**
     * Goes to the next command, which is the same one again until it is passed; passes file
     * contents on the way.
     *
     * @param end where the buffer's bytes end, an absolute index
     * @return whether a command begins at {@link #position}
     */
    public boolean next(ByteBuf in, int end) {
        while (packets.next(in, end)) {
            if (!inFile) {
                return true;
            }
            // An empty packet ends the file; one that ends a full packet is not seen here.
            inFile = packets.first() != PacketScanner.EMPTY;
            packets.pass(end);
        }
        return false;
    }

    /** Passes the command, of which parts may be still to come. */
    public void pass(int end) {
        packets.pass(end);
    }

    /** The server asked for a file: what comes next is its contents, up to an empty packet. */
    public void expectFile() {
        inFile = true;
    }

    /** Whether the contents of a file, and no command, come next. */
    public boolean isInFile() {
        return inFile;
    }

    /** The command at {@link #position}; an empty packet is COM_SLEEP, as servers see it. */
    public Command command() {
        return packets.first() == PacketScanner.EMPTY ? Command.SLEEP : Command.of(packets.first());
    }

    /** Whether the whole command lies before {@code end}. */
    public boolean isWhole(int end) {
        return packets.length() < PacketHeader.MAX_PAYLOAD && packets.isWhole(end);
    }

    /** Whether no part of a command already passed is still to come. */
    public boolean isAtBoundary() {
        return packets.isAtBoundary();
    }

    /** Index of the first byte not passed. */
    public int position() {
        return packets.position();
    }

    /** Index of the command's first payload byte, the one that names it. */
    public int payloadStart() {
        return packets.payloadStart();
    }

    /** Payload length of the command's first packet, in bytes. */
    public int length() {
        return packets.length();
    }

    /** Sequence number of the last packet passed. */
    public int sequence() {
        return packets.sequence();
    }
}
