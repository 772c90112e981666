package io.moha.agent.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on the store: everything in {@code puts} and {@code deletes} happens, provided
 * that each key of {@code expected} still is as expected. Immutable; the methods give a larger
 * copy.
 *
 * @param expected what must still hold, by key
 * @param puts records to write, by key
 * @param deletes keys to remove
 */
public record Change(
        Map<String, Expected> expected, Map<String, Record> puts, Set<String> deletes) {

    /**
     * What a key must be like.
     *
     * @param revision of its last change; 0 when it must not exist
     * @param text exactly what it holds; null when only the revision counts
     */
    public record Expected(long revision, @Nullable String text) {}

    /** Copies the collections. */
    public Change {
        expected = Map.copyOf(expected);
        puts = Map.copyOf(puts);
        deletes = Set.copyOf(deletes);
    }

    /** A change of nothing. */
    public static Change empty() {
        return new Change(Map.of(), Map.of(), Set.of());
    }

    /** Also expects {@code key} to have {@code revision}, and writes {@code value} there. */
    public Change replace(String key, long revision, Record value) {
        return expect(key, revision).put(key, value);
    }

    /**
     * Also expects {@code key} to be as {@code there} says, and writes {@code value} there; null
     * when it must not exist.
     */
    public Change replace(String key, @Nullable Versioned<?> there, Record value) {
        return expect(key, there).put(key, value);
    }

    /** Also expects {@code key} to be as {@code there} says; null when it must not exist. */
    public Change expect(String key, @Nullable Versioned<?> there) {
        return there == null
                ? expect(key, 0)
                : expect(key, new Expected(there.revision(), there.text()));
    }

    /** Also expects {@code key} to have {@code revision}; 0 when it must not exist. */
    public Change expect(String key, long revision) {
        return expect(key, new Expected(revision, null));
    }

    private Change expect(String key, Expected there) {
        Map<String, Expected> more = new LinkedHashMap<>(expected);
        more.put(key, there);
        return new Change(more, puts, deletes);
    }

    /** Also writes {@code value} at {@code key}, whatever is there. */
    public Change put(String key, Record value) {
        Map<String, Record> more = new LinkedHashMap<>(puts);
        more.put(key, value);
        return new Change(expected, more, deletes);
    }

    /** Also removes {@code key}, whatever is there. */
    public Change delete(String key) {
        Set<String> more = new LinkedHashSet<>(deletes);
        more.add(key);
        return new Change(expected, puts, more);
    }
}
