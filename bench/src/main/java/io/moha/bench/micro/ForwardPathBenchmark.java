package io.moha.bench.micro;

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

/**
 * One command and its response through a pair of in-memory channels: through a session of the
 * proxy, and through the bare relay. The channels cost both the same, so the difference is what the
 * session adds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ForwardPathBenchmark {

    private static final int ROWS = 10_000;
    private static final int READ_SIZE = 65_536;

    /** What stands between the channels. */
    @Param({"relay", "session"})
    public String between = "relay";

    private ChannelPair pair = ChannelPair.relay();
    private ByteBuf query = SampleBytes.pointQuery();
    private ByteBuf result = SampleBytes.pointResult();
    private List<ByteBuf> large = List.of();

    /** Joins the channels. */
    @Setup
    public void prepare() {
        pair = between.equals("relay") ? ChannelPair.relay() : ChannelPair.session();
        large = SampleBytes.cut(SampleBytes.largeResult(ROWS), READ_SIZE);
    }

    /** Lets the buffers go. */
    @TearDown
    public void release() {
        query.release();
        result.release();
        large.forEach(ByteBuf::release);
    }

    /** A text query and a result of one row. */
    @Benchmark
    public int pointSelect() {
        return pair.toServer(query) + pair.toClient(result);
    }

    /** A text query and a result of 10,000 rows, in reads of 64 KiB. */
    @Benchmark
    public int tenThousandRows() {
        int bytes = pair.toServer(query);
        for (ByteBuf read : large) {
            bytes += pair.toClient(read);
        }
        return bytes;
    }
}
