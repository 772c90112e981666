package io.moha.protocol.packet;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes, a decoder gives a packet or says that it is malformed. */
class HostileBytesTest {

    private static final int ALL = -1;
    private static final List<Function<ByteBuf, Object>> DECODERS =
            List.of(
                    HandshakeV10::decode,
                    HandshakeResponse41::decode,
                    in -> HandshakeResponse41.decode(in, new SslRequest(ALL, 0, 0)),
                    SslRequest::decode,
                    AuthSwitchRequest::decode,
                    AuthMoreData::decode,
                    in -> OkPacket.decode(in, ALL),
                    ErrPacket::decode,
                    EofPacket::decode,
                    in -> ChangeUser.decode(in, ALL & ~Capability.SSL, 45));
    private static final List<String> CAPTURES =
            List.of(
                    Captured.GREETING_97,
                    Captured.MYSQL_97,
                    Captured.MARIADB_J,
                    Captured.MYSQL_80_SSL,
                    "11617070000373686f70002d0070000401610162");

    @Property
    boolean noiseIsReadOrRefused(@ForAll @Size(max = 64) byte[] bytes) {
        return DECODERS.stream().allMatch(decoder -> survives(decoder, bytes));
    }

    @Property
    boolean damagedPacketsAreReadOrRefused(
            @ForAll @IntRange(max = 4) int capture,
            @ForAll @IntRange(max = 300) int position,
            @ForAll byte value,
            @ForAll @IntRange(max = 300) int cut) {
        byte[] bytes = HexFormat.of().parseHex(CAPTURES.get(capture));
        bytes[position % bytes.length] = value;
        byte[] damaged = Arrays.copyOf(bytes, Math.min(bytes.length, cut));
        return DECODERS.stream().allMatch(decoder -> survives(decoder, damaged));
    }

    private static boolean survives(Function<ByteBuf, Object> decoder, byte[] bytes) {
        try {
            return decoder.apply(Unpooled.wrappedBuffer(bytes)) != null;
        } catch (MalformedPacketException e) {
            return true;
        }
    }
}
