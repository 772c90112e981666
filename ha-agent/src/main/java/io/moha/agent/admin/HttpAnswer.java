package io.moha.agent.admin;

import io.moha.protocol.cluster.RecordText;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one request.
 *
 * @param status HTTP status code
 * @param contentType of {@code body}
 * @param body not changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, written once, never compared.
record HttpAnswer(int status, String contentType, byte[] body) {

    private static final String JSON = "application/json";

    /** An answer as JSON. */
    static HttpAnswer json(int status, Record content) {
        return new HttpAnswer(status, JSON, RecordText.encode(content));
    }

    /** A sentence for people. */
    static HttpAnswer message(int status, String message) {
        return json(status, new Message(message));
    }

    /** Plain text of {@code contentType}. */
    static HttpAnswer text(String contentType, String text) {
        return new HttpAnswer(200, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * JSON with one sentence.
     *
     * @param message for people
     */
    record Message(String message) {}
}
