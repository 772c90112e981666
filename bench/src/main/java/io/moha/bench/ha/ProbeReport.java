package io.moha.bench.ha;

import io.moha.protocol.base.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was acknowledged to clients past the proxy.
 *
 * @param acknowledged by all nodes together
 * @param second of those, the ones of a node that had lost its place to another
 * @param lost of the acknowledged ones, those that are not there afterwards
 */
record ProbeReport(long acknowledged, List<String> second, long lost) {

    /** Copies the list. */
    ProbeReport {
        second = List.copyOf(second);
    }

    /**
     * One disturbance.
     *
     * @param node the one that must not acknowledge any more once another does
     * @param at from when on
     */
    record Mark(String node, Moment at) {}

    /**
     * Judges what clients saw. Between a mark and the next one, a write counts as acknowledged by a
     * second server when it was sent to the marked node after the mark, and its acknowledgement
     * came after another node's first one. One sent before may have been on the others already.
     *
     * @param seen what the clients of each node saw, by its id
     * @param marks in the order of time
     */
    static ProbeReport of(Map<String, List<WriterRecord>> seen, List<Mark> marks, long lost) {
        List<String> second = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            Optional<Moment> end =
                    i + 1 < marks.size() ? Optional.of(marks.get(i + 1).at()) : Optional.empty();
            Window window = new Window(mark.at(), end);
            Optional<Moment> successor = window.firstOfOthers(seen, mark.node());
            successor.ifPresent(
                    first ->
                            window.of(seen.getOrDefault(mark.node(), List.of()))
                                    .filter(write -> first.isBefore(write.acknowledged()))
                                    .map(write -> describe(mark, write, first))
                                    .forEach(second::add));
        }
        long all =
                seen.values().stream()
                        .flatMap(List::stream)
                        .mapToLong(record -> record.acknowledgements().size())
                        .sum();
        return new ProbeReport(all, second, lost);
    }

    /** One paragraph of markdown. */
    String markdown() {
        return ("\nPast the proxy: %d writes acknowledged to clients that write to every node directly,"
                        + " of them by the old primary after another node had acknowledged: %d; lost: %d.\n")
                .formatted(acknowledged, second.size(), lost);
    }

    private static String describe(Mark mark, WriterRecord.Write write, Moment first) {
        return "%s acknowledged %d ms after the disturbance what was sent at %d ms; another had at %d ms"
                .formatted(
                        mark.node(),
                        write.acknowledged().since(mark.at()).toMillis(),
                        write.sent().since(mark.at()).toMillis(),
                        first.since(mark.at()).toMillis());
    }

    /**
     * A time between two marks.
     *
     * @param begin the first
     * @param end the second, if there is one
     */
    private record Window(Moment begin, Optional<Moment> end) {

        Stream<WriterRecord.Write> of(List<WriterRecord> records) {
            return records.stream()
                    .flatMap(record -> record.writes().stream())
                    .filter(write -> begin.isBefore(write.sent()))
                    .filter(write -> end.isEmpty() || write.sent().isBefore(end.get()));
        }

        Optional<Moment> firstOfOthers(Map<String, List<WriterRecord>> seen, String node) {
            return seen.entrySet().stream()
                    .filter(entry -> !Objects.equals(entry.getKey(), node))
                    .flatMap(entry -> of(entry.getValue()))
                    .map(WriterRecord.Write::acknowledged)
                    .min((a, b) -> a.since(begin).compareTo(b.since(begin)));
        }
    }
}
