package io.moha.bench.proc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Questions over HTTP that are answered by a status. */
public final class Http {

    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final int OK = 200;
    private static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(BOUND).build();

    private Http() {}

    /** Whether a GET of {@code address} gives 200 within two seconds. */
    public static boolean answersOk(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(BOUND).build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
