package io.moha.bench.proc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Questions over HTTP. */
public final class Http {

    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final int OK = 200;
    private static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(BOUND).build();

    private Http() {}

    /** Whether a GET of {@code address} gives 200 within two seconds. */
    public static boolean answersOk(URI address) {
        return get(address).isPresent();
    }

    /** The body that a GET of {@code address} gives; empty unless it is 200 within two seconds. */
    public static Optional<String> get(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(BOUND).build();
        try {
            HttpResponse<String> answer =
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
