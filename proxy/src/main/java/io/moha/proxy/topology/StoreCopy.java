package io.moha.proxy.topology;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.watch.WatchEvent;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.RecordText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy's copy of the cluster's keys, brought up to date by polls and by the watch, whichever
 * is newer. Confined to the topology thread.
 */
final class StoreCopy {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreCopy.class);

    private final TreeMap<String, KeyValue> values = new TreeMap<>();
    private final Map<String, Parsed> parsed = new HashMap<>();
    private long storeId;
    private long revision;

    /** A value that was decoded, kept until the key is written again. */
    private record Parsed(long modRevision, @Nullable Record record) {}

    /** The revision up to which this copy is complete; 0 before the first read. */
    long revision() {
        return revision;
    }

    /** Whether {@code read}, asked for at {@code askedAt}, shows that the store lost its memory. */
    boolean wentBack(StoreRead read, long askedAt) {
        return revision > 0 && (read.storeId() != storeId || read.revision() < askedAt);
    }

    /** Takes all of {@code read} unless the watch has already told more. */
    void apply(StoreRead read, boolean wentBack) {
        if (!wentBack && read.revision() < revision) {
            return;
        }
        if (wentBack) {
            // Revisions of another store count from somewhere else.
            parsed.clear();
        }
        storeId = read.storeId();
        revision = read.revision();
        values.clear();
        for (KeyValue value : read.values()) {
            values.put(EtcdLink.text(value.getKey()), value);
        }
        parsed.keySet().retainAll(values.keySet());
    }

    /** Takes what the watch tells, but for what a poll told before. */
    void apply(List<WatchEvent> events) {
        for (WatchEvent event : events) {
            KeyValue value = event.getKeyValue();
            if (value.getModRevision() <= revision) {
                continue;
            }
            String key = EtcdLink.text(value.getKey());
            if (event.getEventType() == WatchEvent.EventType.DELETE) {
                values.remove(key);
                parsed.remove(key);
            } else {
                values.put(key, value);
            }
        }
        for (WatchEvent event : events) {
            revision = Math.max(revision, event.getKeyValue().getModRevision());
        }
    }

    /** The latest write among the keys. */
    long newestWrite() {
        return values.values().stream().mapToLong(KeyValue::getModRevision).max().orElse(0);
    }

    /** Whether {@code key} exists. */
    boolean has(String key) {
        return values.containsKey(key);
    }

    /** When {@code key} was last written, 0 when it does not exist. */
    long modRevision(String key) {
        KeyValue value = values.get(key);
        return value == null ? 0 : value.getModRevision();
    }

    /** The record under {@code key}; null when there is none that can be read. */
    <R extends Record> @Nullable StoredRecord<R> stored(String key, Class<R> type) {
        KeyValue value = values.get(key);
        if (value == null) {
            return null;
        }
        Parsed known = parsed.get(key);
        if (known == null || known.modRevision() != value.getModRevision()) {
            known = new Parsed(value.getModRevision(), decode(key, value, type));
            parsed.put(key, known);
        }
        return known.record() == null
                ? null
                : new StoredRecord<>(type.cast(known.record()), storeId, known.modRevision());
    }

    /** The record under {@code key}; null when there is none that can be read. */
    <R extends Record> @Nullable R record(String key, Class<R> type) {
        StoredRecord<R> stored = stored(key, type);
        return stored == null ? null : stored.record();
    }

    /** All readable records directly under {@code prefix}, by key. */
    <R extends Record> List<R> records(String prefix, Class<R> type) {
        return values.subMap(prefix, prefix + Character.MAX_VALUE).keySet().stream()
                .map(key -> record(key, type))
                .filter(Objects::nonNull)
                .toList();
    }

    private static <R extends Record> @Nullable R decode(
            String key, KeyValue value, Class<R> type) {
        try {
            return RecordText.decode(value.getValue().getBytes(), type);
        } catch (MalformedRecordException e) {
            LOGGER.atError()
                    .addKeyValue("key", key)
                    .setCause(e)
                    .log("a record in etcd cannot be read and counts as absent");
            return null;
        }
    }
}
