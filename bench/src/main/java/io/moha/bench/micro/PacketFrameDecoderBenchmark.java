package io.moha.bench.micro;

import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cutting a result into packets, as the login does and the query path does not: what it would cost
 * there, next to {@link PacketScannerBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PacketFrameDecoderBenchmark {

    private static final int ROWS = 10_000;
    private static final int MAX_PAYLOAD = 1 << 20;

    /** Bytes of one read. */
    @Param({"8192", "65536"})
    public int readSize;

    private List<ByteBuf> reads = List.of();

    /** Makes the result. */
    @Setup
    public void prepare() {
        reads = SampleBytes.cut(SampleBytes.largeResult(ROWS), readSize);
    }

    /** Lets the buffers go. */
    @TearDown
    public void release() {
        reads.forEach(ByteBuf::release);
    }

    /** One buffer a packet, released at once. */
    @Benchmark
    public int tenThousandRows() {
        PacketSequence sequence = new PacketSequence();
        sequence.take();
        EmbeddedChannel channel =
                new EmbeddedChannel(new PacketFrameDecoder(MAX_PAYLOAD, sequence));
        int packets = 0;
        for (ByteBuf read : reads) {
            channel.writeInbound(read.retainedDuplicate());
            for (ByteBuf packet = channel.readInbound();
                    packet != null;
                    packet = channel.readInbound()) {
                packet.release();
                packets++;
            }
        }
        channel.finishAndReleaseAll();
        return packets;
    }
}
