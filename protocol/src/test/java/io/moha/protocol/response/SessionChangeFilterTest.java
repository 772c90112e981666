package io.moha.protocol.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SessionChangeFilterTest {

    private static final Consumer<ByteBuf> VARIABLE = Bytes.variable("time_zone", "+01:00");
    private static final Consumer<ByteBuf> MODE = Bytes.variable("sql_mode", "ANSI");
    private static final Consumer<ByteBuf> SCHEMA = Bytes.string(1, "app");
    private static final Consumer<ByteBuf> CHANGED = Bytes.string(2, "1");
    private static final Consumer<ByteBuf> GTIDS = Bytes.gtids("8a94f357-aab4-11df-86ab-0:7");
    private static final Consumer<ByteBuf> TRANSACTION = Bytes.string(5, "T_R_W_S_");

    @Test
    void clientWithoutTrackingSeesAnOkWithoutChanges() {
        Bytes full = new Bytes().okWithChanges(2, "Rows matched: 1", MODE.andThen(CHANGED));

        assertThat(filtered(full, TrackerWishes.NOTHING))
                .isEqualTo(hex(new Bytes().packet(p -> plainOk(p, "Rows matched: 1"))));
    }

    @Test
    void emptyInfoGoesWithTheChanges() {
        Bytes full = new Bytes().okWithChanges(2, "", MODE);

        assertThat(filtered(full, TrackerWishes.NOTHING)).isEqualTo(hex(new Bytes().ok(2)));
    }

    @Test
    void clientWithDefaultsSeesWhatMysqlWouldTellIt() {
        Bytes full =
                new Bytes()
                        .okWithChanges(
                                2,
                                "",
                                MODE.andThen(VARIABLE)
                                        .andThen(CHANGED)
                                        .andThen(SCHEMA)
                                        .andThen(GTIDS)
                                        .andThen(TRANSACTION));

        assertThat(filtered(full, TrackerWishes.DEFAULTS))
                .isEqualTo(
                        hex(
                                new Bytes()
                                        .okWithChanges(
                                                2, "", VARIABLE.andThen(SCHEMA).andThen(GTIDS))));
    }

    @Test
    void clientThatWantsEverythingGetsThePacketAsItIs() {
        Bytes full = new Bytes().okWithChanges(2, "info", MODE.andThen(GTIDS).andThen(TRANSACTION));
        String before = hex(full);

        TrackerWishes all = TrackerWishes.of("*", "1", "1", "CHARACTERISTICS");

        assertThat(filtered(full, all)).isEqualTo(before);
    }

    @Test
    void lengthOfTheBlockMayTakeFewerBytesThanBefore() {
        Consumer<ByteBuf> big = Bytes.variable("optimizer_switch", "x".repeat(400));
        Bytes full = new Bytes().okWithChanges(2, "", big.andThen(SCHEMA));

        assertThat(filtered(full, TrackerWishes.DEFAULTS))
                .isEqualTo(hex(new Bytes().okWithChanges(2, "", SCHEMA)));
    }

    @Test
    void emptyBlockIsKeptForWhoeverTracks() {
        Bytes full = new Bytes().okWithChanges(2, "", changes -> {});
        String before = hex(full);

        assertThat(filtered(full, TrackerWishes.DEFAULTS)).isEqualTo(before);
    }

    @Test
    void changesAreReadAsWritten() {
        ByteBuf packet =
                new Bytes()
                        .okWithChanges(
                                2,
                                "",
                                MODE.andThen(SCHEMA)
                                        .andThen(CHANGED)
                                        .andThen(GTIDS)
                                        .andThen(Bytes.string(4, "START TRANSACTION;"))
                                        .andThen(TRANSACTION))
                        .done();
        StringBuilder seen = new StringBuilder();

        SessionChanges.read(packet, located(packet), new Writer(seen));

        assertThat(seen)
                .hasToString(
                        "sql_mode=ANSI schema=app changed gtids=8a94f357-aab4-11df-86ab-0:7"
                                + " START TRANSACTION; T_R_W_S_ ");
    }

    private static void plainOk(ByteBuf p, String info) {
        p.writeZero(3).writeShortLE(2).writeShortLE(0).writeByte(info.length());
        p.writeCharSequence(info, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String filtered(Bytes bytes, TrackerWishes wishes) {
        ByteBuf packet = bytes.done();
        int end = SessionChangeFilter.apply(packet, located(packet), wishes);
        return ByteBufUtil.hexDump(packet, 0, end);
    }

    private static OkPacketView located(ByteBuf packet) {
        ResponseTracker tracker =
                new ResponseTracker(Capability.SESSION_TRACK | Capability.DEPRECATE_EOF);
        tracker.begin(Command.QUERY);
        assertThat(tracker.accept(packet, 0)).isEqualTo(ResponseEvent.OK);
        return tracker.ok();
    }

    private static String hex(Bytes bytes) {
        return ByteBufUtil.hexDump(bytes.done());
    }

    /** Writes changes down as text. */
    private record Writer(StringBuilder out) implements SessionChanges.Visitor {

        @Override
        public void onVariable(String name, String value) {
            out.append(name).append('=').append(value).append(' ');
        }

        @Override
        public void onSchema(String schema) {
            out.append("schema=").append(schema).append(' ');
        }

        @Override
        public void onStateChanged() {
            out.append("changed ");
        }

        @Override
        public void onGtids(String gtids) {
            out.append("gtids=").append(gtids).append(' ');
        }

        @Override
        public void onTransactionCharacteristics(String sql) {
            out.append(sql).append(' ');
        }

        @Override
        public void onTransactionState(ByteBuf in, int index) {
            out.append(in.toString(index, 8, java.nio.charset.StandardCharsets.US_ASCII))
                    .append(' ');
        }
    }
}
