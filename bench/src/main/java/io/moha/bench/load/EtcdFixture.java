package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ProcessStack;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.RecordText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A throw-away etcd that says which server is the primary, without any agent behind it. */
final class EtcdFixture {

    /** The name of the cluster whose leader it tells. */
    static final String CLUSTER = "bench";

    /** Under which keys of etcd. */
    static final String PREFIX = "/moha";

    private static final String NODE = "n1";
    private static final Duration START_BOUND = Duration.ofSeconds(20);
    private static final long TTL_MS = 5000;

    private final int port;

    private EtcdFixture(int port) {
        this.port = port;
    }

    /** Starts etcd of the PATH on {@code port} and the one after it. */
    static EtcdFixture start(ProcessStack processes, int port) {
        Path data = processes.directory().resolve("etcd-data-" + port);
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + (port + 1);
        processes
                .start(
                        "etcd",
                        List.of(
                                "etcd",
                                "--data-dir=" + data,
                                "--unsafe-no-fsync",
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=default=" + peer))
                .awaitPort(port, START_BOUND);
        return new EtcdFixture(port);
    }

    /** Where clients connect. */
    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Declares the server at {@code address}, host:port, the primary of epoch 1. */
    void declarePrimary(String address, String serverUuid, String serverVersion) {
        LeaderRecord leader =
                new LeaderRecord(
                        1,
                        1,
                        NODE,
                        "bench",
                        TTL_MS,
                        1,
                        LeaderState.SERVING,
                        false,
                        "",
                        address,
                        serverUuid,
                        "declared for a measurement");
        ClusterKeys keys = ClusterKeys.of(PREFIX, CLUSTER);
        put(keys.member(NODE), RecordText.encode(member(address, serverUuid, serverVersion)));
        put(keys.leader(), RecordText.encode(leader));
    }

    /** The proxy announces the version that the members report. */
    private static MemberRecord member(String address, String serverUuid, String serverVersion) {
        MemberReport report =
                new MemberReport(
                        NodeRole.PRIMARY,
                        "declared for a measurement",
                        0,
                        "",
                        "",
                        true,
                        false,
                        false,
                        0,
                        null,
                        serverVersion,
                        null);
        return new MemberRecord(
                1, NODE, serverUuid, address, "127.0.0.1:1", "", 100, false, 1, "bench", report);
    }

    /** Writes through etcd's JSON gateway, which takes keys and values in base 64. */
    private void put(String key, byte[] value) {
        Base64.Encoder base64 = Base64.getEncoder();
        String body =
                "{\"key\": \"%s\", \"value\": \"%s\"}"
                        .formatted(
                                base64.encodeToString(key.getBytes(StandardCharsets.UTF_8)),
                                base64.encodeToString(value));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(endpoint() + "/v3/kv/put"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchException("etcd refused " + key + ": " + response.body());
            }
        } catch (IOException e) {
            throw new BenchException("cannot write " + key + " to etcd", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while writing to etcd", e);
        }
    }
}
