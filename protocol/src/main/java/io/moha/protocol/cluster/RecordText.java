package io.moha.protocol.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/**
 * The one place where records become JSON and JSON becomes records. A field that a newer version
 * added is ignored, so that versions can run side by side during an upgrade. Thread-safe.
 */
public final class RecordText {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private RecordText() {}

    /** The JSON of {@code value}, in UTF-8. */
    public static byte[] encode(Record value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass(), e);
        }
    }

    /**
     * The record of {@code type} that {@code json} holds.
     *
     * @throws MalformedRecordException when it holds none
     */
    public static <R extends Record> R decode(byte[] json, Class<R> type)
            throws MalformedRecordException {
        try {
            return MAPPER.readValue(new String(json, StandardCharsets.UTF_8), type);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new MalformedRecordException(
                    "not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
