package io.moha.agent.act;

import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.RecordText;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Peers} over the agents' HTTP ports, one short connection for each question. Written by
 * hand, because a whole HTTP client would cost more memory than all else here.
 */
public final class HttpPeers implements Peers {

    private static final Logger LOGGER = LoggerFactory.getLogger(HttpPeers.class);
    private static final int LONGEST_ANSWER = 4096;
    private static final String GOOD = "HTTP/1.1 200 ";

    private final String authorization;
    private final @Nullable PeerTrust trust;

    /**
     * Peers that want to see {@code token}.
     *
     * @param token null when none is configured
     * @param trust null when agents speak plain HTTP
     */
    public HttpPeers(@Nullable String token, @Nullable PeerTrust trust) {
        this.trust = trust;
        this.authorization = token == null ? "" : "Authorization: Bearer " + token + "\r\n";
    }

    @Override
    public Map<String, Promised> ask(
            Map<String, String> peers, long epoch, String holder, Duration ttl, Duration limit) {
        String path =
                "/promise?epoch=%d&holder=%s&ttlMs=%d"
                        .formatted(
                                epoch,
                                URLEncoder.encode(holder, StandardCharsets.UTF_8),
                                ttl.toMillis());
        Map<String, Promised> answers = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(peers.size());
        peers.forEach(
                (id, address) ->
                        Thread.ofVirtual()
                                .name("ask-" + id)
                                .start(
                                        () -> {
                                            try {
                                                answers.put(
                                                        id,
                                                        promised(post(address, path, "", limit)));
                                            } catch (IOException
                                                    | MalformedRecordException
                                                    | RuntimeException e) {
                                                LOGGER.atDebug()
                                                        .addKeyValue("peer", id)
                                                        .addKeyValue("cause", e.toString())
                                                        .log("peer did not answer");
                                            } finally {
                                                open.countDown();
                                            }
                                        }));
        try {
            open.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new HashMap<>(answers);
    }

    @Override
    public CompletableFuture<Boolean> getReady(String address, String operation, Duration limit) {
        String path =
                "/get-ready?operation=%s&limitMs=%d"
                        .formatted(
                                URLEncoder.encode(operation, StandardCharsets.UTF_8),
                                limit.toMillis());
        return isDone(address, path, "", limit);
    }

    @Override
    public CompletableFuture<Boolean> catchUp(
            String address, long epoch, String gtids, Duration limit) {
        String path = "/catch-up?epoch=%d&limitMs=%d".formatted(epoch, limit.toMillis());
        return isDone(address, path, gtids, limit);
    }

    /** Whether the one at {@code address} did within {@code limit} what {@code path} means. */
    private CompletableFuture<Boolean> isDone(
            String address, String path, String body, Duration limit) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("ask-" + address)
                .start(
                        () -> {
                            try {
                                String _ = post(address, path, body, limit);
                                done.complete(true);
                            } catch (IOException | RuntimeException e) {
                                LOGGER.atDebug()
                                        .addKeyValue("peer", address)
                                        .addKeyValue("asked", path)
                                        .addKeyValue("cause", e.toString())
                                        .log("target did not do what it was asked directly");
                                done.complete(false);
                            }
                        });
        return done;
    }

    private static Promised promised(String body) throws MalformedRecordException {
        return RecordText.decode(body.getBytes(StandardCharsets.UTF_8), Promised.class);
    }

    /** The body of a good answer to {@code body}, which is ASCII. */
    private String post(String address, String path, String body, Duration limit)
            throws IOException {
        int colon = address.lastIndexOf(':');
        int millis = Math.toIntExact(limit.toMillis());
        String host = address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1));
        String request =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + address
                        + "\r\n"
                        + authorization
                        + "Content-Length: "
                        + body.length()
                        + "\r\nConnection: close\r\n\r\n"
                        + body;
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            if (trust == null) {
                return exchange(plain, request);
            }
            try (Socket encrypted = trust.over(plain, host, port)) {
                return exchange(encrypted, request);
            }
        }
    }

    private static String exchange(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        String text = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        int body = text.indexOf("\r\n\r\n");
        if (body < 0 || !text.startsWith(GOOD)) {
            throw new IOException("answered " + text.lines().findFirst().orElse("nothing"));
        }
        return text.substring(body + 4);
    }
}
