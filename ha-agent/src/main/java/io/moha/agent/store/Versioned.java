package io.moha.agent.store;

import io.moha.protocol.cluster.RecordText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record as the store had it.
 *
 * @param value the record
 * @param revision the store's revision of its last change; every change of the key gives it a
 *     larger one, until the store is restored from an old copy and counts the same numbers again
 * @param text exactly what the key held, which tells two changes of the same number apart; null
 *     when that does not matter or is not known
 * @param <R> type of the record
 */
public record Versioned<R extends Record>(R value, long revision, @Nullable String text) {

    /** A record of which only the revision counts. */
    public Versioned(R value, long revision) {
        this(value, revision, null);
    }

    /** {@code value} as this very process wrote it. */
    public static <R extends Record> Versioned<R> written(R value, long revision) {
        return new Versioned<>(value, revision, textOf(value));
    }

    /** How this process writes {@code value}; another version of it may write it differently. */
    public static String textOf(Record value) {
        return new String(RecordText.encode(value), StandardCharsets.UTF_8);
    }

    /** Whether {@code other} is the same change, as far as both know. */
    public boolean isSame(@Nullable Versioned<?> other) {
        return other != null
                && revision == other.revision()
                && (text == null || other.text() == null || text.equals(other.text()));
    }
}
