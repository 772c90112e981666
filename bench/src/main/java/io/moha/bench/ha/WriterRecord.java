package io.moha.bench.ha;

import io.moha.protocol.base.Moment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one writer saw. Written by its thread; read by others only after that thread ended. */
final class WriterRecord {

    private final int writer;
    private final BitSet acknowledged = new BitSet();
    private final List<Write> writes = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();

    /**
     * One write that was acknowledged.
     *
     * @param sent when the client began to send it
     * @param acknowledged when the client knew
     */
    record Write(Moment sent, Moment acknowledged) {}

    /** Nothing yet, for the writer of this number. */
    WriterRecord(int writer) {
        this.writer = writer;
    }

    /** The server said that write {@code number} is done. */
    void acknowledged(int number, Write write) {
        acknowledged.set(number);
        writes.add(write);
    }

    /** The client saw an error of this kind. */
    void failed(String kind) {
        errors.merge(kind, 1, Integer::sum);
    }

    /** The number of the writer. */
    int writer() {
        return writer;
    }

    /** The writes that were acknowledged. */
    BitSet acknowledgedNumbers() {
        return (BitSet) acknowledged.clone();
    }

    /** When, in the order of time. */
    List<Moment> acknowledgements() {
        return writes.stream().map(Write::acknowledged).toList();
    }

    /** The same with the times at which they were sent. */
    List<Write> writes() {
        return List.copyOf(writes);
    }

    /** How many errors of each kind. */
    Map<String, Integer> errors() {
        return Map.copyOf(errors);
    }
}
