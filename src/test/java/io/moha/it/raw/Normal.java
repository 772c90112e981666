package io.moha.it.raw;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a packet what differs from run to run by nature, or what nobody asked for: the text
 * of COM_STATISTICS, numbers of prepared statements, of transactions, of the statement among all of
 * the server, and the transaction state that a server reports with BEGIN and COMMIT although it was
 * not asked to.
 */
final class Normal {

    private static final int STATE_CHANGED = 0x4000;
    private static final int GTIDS = 3;
    private static final int TRANSACTION_STATE = 5;
    private static final String STATEMENT_ID = "statement_id";
    private static final byte[] STATISTICS = "Uptime: ".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern STATEMENT = Pattern.compile("statement handler \\((\\d+)\\)");

    private Normal() {}

    /** The text of {@code packet}, which answers a client with {@code caps}. */
    static String text(Packet packet, int caps, boolean transactionStateAsked) {
        byte[] payload = packet.payload();
        if (payload.length > STATISTICS.length
                && Arrays.equals(STATISTICS, Arrays.copyOf(payload, STATISTICS.length))) {
            return packet.sequence() + " statistics";
        }
        if (packet.isError()) {
            Matcher matcher = STATEMENT.matcher(packet.message());
            if (matcher.find()) {
                return packet.sequence() + " " + packet.errno() + " " + matcher.replaceAll("");
            }
        }
        boolean ok = packet.isOk() || (Caps.has(caps, Caps.DEPRECATE_EOF) && packet.isEnd(caps));
        if (ok
                && Caps.has(caps, Caps.SESSION_TRACK)
                && payload.length >= 7
                && Caps.has(packet.status(caps), STATE_CHANGED)) {
            return withNormalChanges(packet, transactionStateAsked).toString();
        }
        return packet.toString();
    }

    /** The same answer to a prepare, without the statement's number. */
    static Packet withoutStatement(Packet prepared) {
        byte[] blanked = prepared.payload().clone();
        Arrays.fill(blanked, 1, 5, (byte) 0xAA);
        return new Packet(prepared.sequence(), blanked);
    }

    private static Packet withNormalChanges(Packet packet, boolean transactionStateAsked) {
        int status = 1;
        status += packet.lenencSize(status);
        status += packet.lenencSize(status);
        int info = status + 4;
        int block = info + packet.lenencSize(info) + packet.lenenc(info);
        int end = packet.payload().length;
        Bytes kept = new Bytes();
        int entry = block + packet.lenencSize(block);
        while (entry < end) {
            int next = entry + 1 + packet.lenencSize(entry + 1) + packet.lenenc(entry + 1);
            byte[] change = Arrays.copyOfRange(packet.payload(), entry, next);
            if (new String(change, StandardCharsets.ISO_8859_1).contains(STATEMENT_ID)) {
                kept.string(STATEMENT_ID.getBytes(StandardCharsets.US_ASCII));
            } else if (change[0] == GTIDS) {
                kept.int1(GTIDS);
            } else if (transactionStateAsked || change[0] != TRANSACTION_STATE) {
                kept.raw(change);
            }
            entry = next;
        }
        byte[] changes = kept.done();
        Bytes whole = new Bytes().raw(Arrays.copyOf(packet.payload(), status));
        boolean nothing = changes.length == 0;
        int flags = packet.int2(status);
        whole.int2(nothing ? flags & ~STATE_CHANGED : flags).int2(packet.int2(status + 2));
        if (!nothing || packet.lenenc(info) > 0) {
            whole.raw(Arrays.copyOfRange(packet.payload(), info, block));
        }
        if (!nothing) {
            whole.string(changes);
        }
        return new Packet(packet.sequence(), whole.done());
    }
}
