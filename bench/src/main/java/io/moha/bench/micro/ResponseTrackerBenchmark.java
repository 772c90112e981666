package io.moha.bench.micro;

import io.moha.protocol.flags.Command;
import io.moha.protocol.response.ResponseTracker;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the end of a response: the smallest, the most frequent, and a large one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResponseTrackerBenchmark {

    private static final int ROWS = 10_000;
    private static final int READ_SIZE = 65_536;

    private ResponseTracker tracker = new ResponseTracker(SampleBytes.CAPABILITIES);
    private ByteBuf ok = SampleBytes.ok();
    private ByteBuf point = SampleBytes.pointResult();
    private List<ByteBuf> large = List.of();

    /** Makes the large result. */
    @Setup
    public void prepare() {
        large = SampleBytes.cut(SampleBytes.largeResult(ROWS), READ_SIZE);
    }

    /** Lets the buffers go. */
    @TearDown
    public void release() {
        ok.release();
        point.release();
        large.forEach(ByteBuf::release);
    }

    /** The OK of an INSERT. */
    @Benchmark
    public boolean ok() {
        tracker.begin(Command.QUERY);
        track(ok);
        return tracker.isComplete();
    }

    /** One column, one row. */
    @Benchmark
    public boolean pointSelect() {
        tracker.begin(Command.QUERY);
        track(point);
        return tracker.isComplete();
    }

    /** Three columns, 10,000 rows, in reads of 64 KiB. */
    @Benchmark
    public boolean tenThousandRows() {
        tracker.begin(Command.QUERY);
        for (ByteBuf read : large) {
            track(read);
        }
        return tracker.isComplete();
    }

    private void track(ByteBuf read) {
        int position = read.readerIndex();
        while (!tracker.isComplete() && position < read.writerIndex()) {
            tracker.accept(read, position);
            position = tracker.position();
        }
    }
}
