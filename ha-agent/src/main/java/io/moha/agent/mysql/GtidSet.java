package io.moha.agent.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A set of global transaction ids, as in {@code gtid_executed}: {@code uuid:1-5:7,uuid:tag:1-3}.
 * Immutable; equal when the same transactions are in it, however it was written.
 *
 * <p>The form is that of the manual's "GTID Sets", with the tags of MySQL 8.3 and newer: within one
 * UUID, a tag holds for the intervals behind it, up to the next tag.
 */
public final class GtidSet {

    private static final GtidSet EMPTY = new GtidSet(new TreeMap<>());
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
    private static final Pattern INTERVAL = Pattern.compile("(\\d{1,19})(?:-(\\d{1,19}))?");

    /** Where transactions come from: a server, and a tag within it (empty for none). */
    private record Origin(String uuid, String tag) implements Comparable<Origin> {

        @Override
        public int compareTo(Origin other) {
            int byUuid = uuid.compareTo(other.uuid);
            return byUuid != 0 ? byUuid : tag.compareTo(other.tag);
        }
    }

    private final SortedMap<Origin, GtidIntervals> byOrigin;

    private GtidSet(SortedMap<Origin, GtidIntervals> byOrigin) {
        this.byOrigin = byOrigin;
    }

    /** The set without transactions. */
    public static GtidSet empty() {
        return EMPTY;
    }

    /**
     * Reads a set as servers print it; white space, line ends and letter case do not matter.
     *
     * @throws IllegalArgumentException when {@code text} is no GTID set
     */
    public static GtidSet parse(String text) {
        TreeMap<Origin, List<GtidIntervals.Range>> found = new TreeMap<>();
        String compact = text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
        for (String group : compact.split(",", -1)) {
            if (!group.isEmpty()) {
                parseGroup(group, found);
            }
        }
        SortedMap<Origin, GtidIntervals> sets = new TreeMap<>();
        found.forEach((origin, ranges) -> sets.put(origin, GtidIntervals.of(ranges)));
        return new GtidSet(sets);
    }

    private static void parseGroup(String group, Map<Origin, List<GtidIntervals.Range>> found) {
        String[] parts = group.split(":", -1);
        require(UUID.matcher(parts[0]).matches(), group);
        String tag = "";
        boolean expectInterval = true;
        for (int i = 1; i < parts.length; i++) {
            if (TAG.matcher(parts[i]).matches()) {
                tag = parts[i];
                expectInterval = true;
            } else {
                found.computeIfAbsent(new Origin(parts[0], tag), _ -> new ArrayList<>())
                        .add(range(parts[i], group));
                expectInterval = false;
            }
        }
        require(!expectInterval, group);
    }

    private static GtidIntervals.Range range(String text, String group) {
        var form = INTERVAL.matcher(text);
        require(form.matches(), group);
        try {
            long first = Long.parseLong(form.group(1));
            String last = form.group(2);
            return new GtidIntervals.Range(first, last == null ? first : Long.parseLong(last));
        } catch (IllegalArgumentException outOfRange) {
            throw new IllegalArgumentException("not a GTID set: " + group, outOfRange);
        }
    }

    private static void require(boolean holds, String group) {
        if (!holds) {
            throw new IllegalArgumentException("not a GTID set: " + group);
        }
    }

    /** What is in this set or in {@code other}. */
    public GtidSet union(GtidSet other) {
        return merge(other, GtidIntervals::union);
    }

    /** What is in this set and not in {@code other}. */
    public GtidSet subtract(GtidSet other) {
        SortedMap<Origin, GtidIntervals> left = new TreeMap<>();
        byOrigin.forEach(
                (origin, mine) -> {
                    GtidIntervals theirs = other.byOrigin.get(origin);
                    GtidIntervals rest = theirs == null ? mine : mine.subtract(theirs);
                    if (!rest.isEmpty()) {
                        left.put(origin, rest);
                    }
                });
        return new GtidSet(left);
    }

    /** What is in both sets. */
    public GtidSet intersect(GtidSet other) {
        return subtract(subtract(other));
    }

    /** Whether everything in {@code other} is in this set. */
    public boolean contains(GtidSet other) {
        return other.subtract(this).isEmpty();
    }

    /** Whether it holds no transaction. */
    public boolean isEmpty() {
        return byOrigin.isEmpty();
    }

    /** How many transactions it holds; {@link Long#MAX_VALUE} when more than that. */
    public long count() {
        long sum = 0;
        for (GtidIntervals intervals : byOrigin.values()) {
            long count = intervals.count();
            sum = sum > Long.MAX_VALUE - count ? Long.MAX_VALUE : sum + count;
        }
        return sum;
    }

    /** UUIDs of the servers where its transactions come from, ascending, in lower case. */
    public List<String> origins() {
        return byOrigin.keySet().stream().map(Origin::uuid).distinct().toList();
    }

    /** The part of this set that comes from server {@code uuid}, with any tag. */
    public GtidSet from(String uuid) {
        String wanted = uuid.toLowerCase(Locale.ROOT);
        SortedMap<Origin, GtidIntervals> part = new TreeMap<>(byOrigin);
        part.keySet().removeIf(origin -> !origin.uuid().equals(wanted));
        return new GtidSet(part);
    }

    private GtidSet merge(GtidSet other, BinaryOperator<GtidIntervals> how) {
        SortedMap<Origin, GtidIntervals> all = new TreeMap<>(byOrigin);
        other.byOrigin.forEach((origin, intervals) -> all.merge(origin, intervals, how));
        return new GtidSet(all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GtidSet set && byOrigin.equals(set.byOrigin);
    }

    @Override
    public int hashCode() {
        return Objects.hash(byOrigin);
    }

    /** The form that servers print, without white space; empty for the empty set. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        String uuid = "";
        for (Map.Entry<Origin, GtidIntervals> entry : byOrigin.entrySet()) {
            Origin origin = entry.getKey();
            if (!origin.uuid().equals(uuid)) {
                uuid = origin.uuid();
                text.append(text.isEmpty() ? "" : ",").append(uuid);
            }
            if (!origin.tag().isEmpty()) {
                text.append(':').append(origin.tag());
            }
            text.append(':').append(entry.getValue());
        }
        return text.toString();
    }
}
