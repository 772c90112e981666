package io.moha.bench.ha;

import io.moha.protocol.base.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients saw of one disturbance.
 *
 * @param toFirstWrite from the disturbance to the first acknowledgement after the longest pause
 * @param pause the longest time in which no client at all got an acknowledgement
 * @param worstClientPause the longest time in which one client got none
 * @param acknowledged writes acknowledged in the whole run
 * @param lost of those, the ones that are not there afterwards
 * @param errors errors seen by clients, by kind
 */
record Disruption(
        Duration toFirstWrite,
        Duration pause,
        Duration worstClientPause,
        long acknowledged,
        long lost,
        Map<String, Integer> errors) {

    /** Copies the errors. */
    Disruption {
        errors = Map.copyOf(errors);
    }

    /**
     * Reads it off what the writers saw.
     *
     * @param disturbed when the disturbance began
     * @param stopped when the writers were asked to end; a pause that lasts until then counts
     */
    static Disruption of(List<WriterRecord> records, Moment disturbed, Moment stopped, long lost) {
        List<Moment> all = new ArrayList<>();
        Map<String, Integer> errors = new TreeMap<>();
        Duration worst = Duration.ZERO;
        for (WriterRecord record : records) {
            all.addAll(record.acknowledgements());
            record.errors().forEach((kind, count) -> errors.merge(kind, count, Integer::sum));
            Gap own = Gap.longestAfter(disturbed, until(stopped, record.acknowledgements()));
            worst = own.length().compareTo(worst) > 0 ? own.length() : worst;
        }
        all.sort(Comparator.comparing(moment -> moment.since(disturbed)));
        Gap gap = Gap.longestAfter(disturbed, until(stopped, all));
        return new Disruption(
                gap.end().since(disturbed), gap.length(), worst, all.size(), lost, errors);
    }

    private static List<Moment> until(Moment end, List<Moment> moments) {
        List<Moment> extended = new ArrayList<>(moments);
        extended.add(end);
        return extended;
    }

    /**
     * A time without acknowledgement.
     *
     * @param begin the acknowledgement before it
     * @param end the acknowledgement after it
     */
    private record Gap(Moment begin, Moment end) {

        Duration length() {
            return end.since(begin);
        }

        /** The longest that ends after {@code from}; {@code moments} are in the order of time. */
        static Gap longestAfter(Moment from, List<Moment> moments) {
            Gap longest = new Gap(from, from);
            for (int i = 1; i < moments.size(); i++) {
                Gap gap = new Gap(moments.get(i - 1), moments.get(i));
                if (from.isBefore(gap.end()) && gap.length().compareTo(longest.length()) > 0) {
                    longest = gap;
                }
            }
            return longest;
        }
    }
}
