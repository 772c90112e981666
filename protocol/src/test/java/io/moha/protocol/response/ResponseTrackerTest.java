package io.moha.protocol.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the table of responses, whole and in every kind of pieces. */
class ResponseTrackerTest {

    static Stream<ResponseCase> cases() {
        return ResponseCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void responseInOnePieceEndsWhereItEnds(ResponseCase one) {
        ByteBuf stream = withNextResponse(one);

        Feeder feeder = feeder(one).feed(stream);

        assertSeen(one, feeder);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void responseByteByByteEndsWhereItEnds(ResponseCase one) {
        ByteBuf stream = withNextResponse(one);
        int[] everywhere = IntStream.range(1, stream.writerIndex()).toArray();

        Feeder feeder = feeder(one).feed(stream, everywhere);

        assertSeen(one, feeder);
    }

    @Property
    void cuttingChangesNothing(
            @ForAll("anyCase") ResponseCase one,
            @ForAll @Size(max = 8) List<@IntRange(max = 1_000_000) Integer> marks) {
        ByteBuf stream = withNextResponse(one);
        int[] cuts = marks.stream().mapToInt(m -> m % stream.writerIndex()).sorted().toArray();

        Feeder feeder = feeder(one).feed(stream, cuts);

        assertSeen(one, feeder);
    }

    @Provide
    Arbitrary<ResponseCase> anyCase() {
        return Arbitraries.of(ResponseCase.all());
    }

    @Test
    void rowOfSixteenMebibytesIsNoEnd() {
        ResponseTracker tracker = new ResponseTracker(modern());
        tracker.begin(Command.QUERY);
        Bytes response = new Bytes().columnCount(1).definitions(1).hugeRow().okAsEof(2);

        Feeder feeder = new Feeder(tracker).feed(response.done(), 100, 5_000_000, 16_777_240);

        assertThat(feeder.events()).containsExactly("OK 2");
        assertThat(tracker.sequence()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(
            value = Command.class,
            names = {"QUIT", "STMT_CLOSE", "STMT_SEND_LONG_DATA", "BINLOG_DUMP", "CLONE"})
    void commandWithoutResponseIsCompleteAtOnce(Command command) {
        ResponseTracker tracker = new ResponseTracker(modern());

        tracker.begin(command);

        assertThat(tracker.isComplete()).isTrue();
    }

    @Test
    void packetCutInsideIsNotPassed() {
        ResponseTracker tracker = new ResponseTracker(modern());
        tracker.begin(Command.PING);
        ByteBuf half = new Bytes().ok(2).done();
        half.writerIndex(half.writerIndex() - 1);

        assertThat(tracker.accept(half, 0)).isEqualTo(ResponseEvent.MORE_BYTES);
        assertThat(tracker.position()).isZero();
        assertThat(tracker.isAtBoundary()).isTrue();
    }

    @Test
    void rowCutInsideIsPassedAndLeavesNoBoundary() {
        ResponseTracker tracker = new ResponseTracker(modern());
        tracker.begin(Command.QUERY);
        ByteBuf stream = new Bytes().columnCount(1).definitions(1).text("row").done();
        stream.writerIndex(stream.writerIndex() - 1);

        assertThat(tracker.accept(stream, 0)).isEqualTo(ResponseEvent.MORE_BYTES);
        assertThat(tracker.position()).isEqualTo(stream.writerIndex());
        assertThat(tracker.isAtBoundary()).isFalse();
    }

    @Test
    void okThatRunsOverItsEndIsMalformed() {
        ResponseTracker tracker = new ResponseTracker(modern());
        tracker.begin(Command.PING);
        ByteBuf stream = new Bytes().packet(p -> p.writeZero(3).writeShortLE(2)).ok(2).done();

        assertThatThrownBy(() -> tracker.accept(stream, 0))
                .isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void bytesWithoutCommandAreMalformed() {
        ResponseTracker tracker = new ResponseTracker(modern());
        ByteBuf stream = new Bytes().ok(2).done();

        assertThatThrownBy(() -> tracker.accept(stream, 0))
                .isInstanceOf(MalformedPacketException.class);
    }

    private static int modern() {
        return Capability.SESSION_TRACK | Capability.DEPRECATE_EOF;
    }

    private static ByteBuf withNextResponse(ResponseCase one) {
        return Unpooled.copiedBuffer(one.response().done(), new Bytes().ok(99).done());
    }

    private static Feeder feeder(ResponseCase one) {
        ResponseTracker tracker = new ResponseTracker(one.capabilities());
        tracker.begin(one.command());
        return new Feeder(tracker);
    }

    private static void assertSeen(ResponseCase one, Feeder feeder) {
        assertThat(feeder.events()).isEqualTo(one.events());
        assertThat(feeder.bytesDone()).isEqualTo(one.response().done().writerIndex());
    }
}
