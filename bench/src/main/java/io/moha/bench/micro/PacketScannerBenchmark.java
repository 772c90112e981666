package io.moha.bench.micro;

import io.moha.protocol.wire.PacketScanner;
import io.netty.buffer.ByteBuf;
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

/** Walking the headers of one large result, in buffers as large as a read makes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PacketScannerBenchmark {

    private static final int ROWS = 10_000;

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

    /** Counts the packets. */
    @Benchmark
    public int tenThousandRows() {
        PacketScanner scanner = new PacketScanner();
        int packets = 0;
        for (ByteBuf read : reads) {
            int end = read.writerIndex();
            scanner.moveTo(read.readerIndex());
            while (scanner.next(read, end)) {
                scanner.pass(end);
                packets++;
            }
        }
        return packets;
    }
}
