package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import java.util.ArrayList;
import java.util.List;

/** Some writers at work, each on a thread of its own. */
final class WriteLoad implements AutoCloseable {

    private final List<Writer> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Starts {@code count} writers, numbered from 0. */
    WriteLoad(WritePlan plan, int count) {
        this(plan, 0, count);
    }

    /** Starts {@code count} writers, numbered from {@code first}. */
    WriteLoad(WritePlan plan, int first, int count) {
        for (int i = first; i < first + count; i++) {
            Writer writer = new Writer(plan, i);
            writers.add(writer);
            threads.add(Thread.ofPlatform().name("writer-" + i).start(writer));
        }
    }

    /** Ends the writers, each after the write it is at, and gives what they saw. */
    List<WriterRecord> stop() {
        writers.forEach(Writer::stop);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
        return writers.stream().map(Writer::record).toList();
    }

    /** Asks the writers to end, without waiting. */
    @Override
    public void close() {
        writers.forEach(Writer::stop);
    }
}
