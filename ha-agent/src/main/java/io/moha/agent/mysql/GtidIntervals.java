package io.moha.agent.mysql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Transaction numbers of one source, as ranges. Immutable.
 *
 * @param ranges ascending, not empty themselves, neither overlapping nor adjacent
 */
record GtidIntervals(List<Range> ranges) {

    static final GtidIntervals NONE = new GtidIntervals(List.of());

    /**
     * The numbers from {@code first} to {@code last}, both included.
     *
     * @param first at least 1
     * @param last at least {@code first}
     */
    record Range(long first, long last) {

        Range {
            // The server's own limit: 2^63-1 is reserved (GNO_END in its source).
            if (first < 1 || last < first || last == Long.MAX_VALUE) {
                throw new IllegalArgumentException("not a range: " + first + "-" + last);
            }
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + "-" + last;
        }
    }

    /** Brings any ranges into order, joining what touches. */
    static GtidIntervals of(List<Range> any) {
        List<Range> sorted = new ArrayList<>(any);
        sorted.sort(Comparator.comparingLong(Range::first));
        List<Range> joined = new ArrayList<>();
        for (Range next : sorted) {
            Range previous = joined.isEmpty() ? null : joined.getLast();
            if (previous != null && next.first() <= previous.last() + 1) {
                joined.set(
                        joined.size() - 1,
                        new Range(previous.first(), Math.max(previous.last(), next.last())));
            } else {
                joined.add(next);
            }
        }
        return new GtidIntervals(List.copyOf(joined));
    }

    GtidIntervals union(GtidIntervals other) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return of(all);
    }

    GtidIntervals subtract(GtidIntervals other) {
        List<Range> left = new ArrayList<>();
        int index = 0;
        for (Range range : ranges) {
            long from = range.first();
            while (index < other.ranges.size() && other.ranges.get(index).last() < from) {
                index++;
            }
            int hole = index;
            while (from <= range.last()
                    && hole < other.ranges.size()
                    && other.ranges.get(hole).first() <= range.last()) {
                Range taken = other.ranges.get(hole);
                if (taken.first() > from) {
                    left.add(new Range(from, taken.first() - 1));
                }
                from = taken.last() + 1;
                hole++;
            }
            if (from <= range.last()) {
                left.add(new Range(from, range.last()));
            }
        }
        return new GtidIntervals(List.copyOf(left));
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many numbers; {@link Long#MAX_VALUE} when they are more than that. */
    long count() {
        long sum = 0;
        for (Range range : ranges) {
            long size = range.last() - range.first() + 1;
            sum = sum > Long.MAX_VALUE - size ? Long.MAX_VALUE : sum + size;
        }
        return sum;
    }

    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(":"));
    }
}
