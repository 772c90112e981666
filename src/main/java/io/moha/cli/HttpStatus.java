package io.moha.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What agents and proxies say of themselves at {@code /status}. Best effort: none is not news. */
final class HttpStatus {

    private static final int LIMIT_MILLIS = 1_000;

    private HttpStatus() {}

    /**
     * Asks all {@code addresses} (host:port) at the same time; blocks for at most about a second.
     * Those that did not answer are missing from the result.
     */
    static Map<String, JsonNode> ask(Collection<String> addresses) {
        Map<String, JsonNode> answers = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String address : addresses) {
                threads.execute(() -> ask(address, answers));
            }
        }
        return answers;
    }

    private static void ask(String address, Map<String, JsonNode> answers) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create("http://" + address + "/status").toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            try (InputStream body =
                    connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
                            ? connection.getInputStream()
                            : connection.getErrorStream()) {
                JsonNode answer =
                        body == null
                                ? null
                                : Json.parse(
                                        new String(body.readAllBytes(), StandardCharsets.UTF_8));
                if (answer != null && answer.isObject()) {
                    answers.put(address, answer);
                }
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            // It does not answer, which the caller sees by its absence.
            return;
        }
    }
}
