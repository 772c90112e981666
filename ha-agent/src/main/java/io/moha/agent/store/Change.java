package io.moha.agent.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One transaction on the store: everything in {@code puts} and {@code deletes} happens, provided
 * that each key of {@code expected} still has that revision (0: the key does not exist). Immutable;
 * the methods give a larger copy.
 *
 * @param expected revisions that must still hold, by key
 * @param puts records to write, by key
 * @param deletes keys to remove
 */
public record Change(Map<String, Long> expected, Map<String, Record> puts, Set<String> deletes) {

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

    /** Also expects {@code key} to have {@code revision}; 0 when it must not exist. */
    public Change expect(String key, long revision) {
        Map<String, Long> more = new LinkedHashMap<>(expected);
        more.put(key, revision);
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
