package io.moha.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.act.HttpPeers;
import io.moha.agent.act.PeerTrust;
import io.moha.agent.act.Peers;
import io.moha.agent.config.HttpConfig;
import io.moha.agent.guard.GuardStatus;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AdminServerTest {

    private static final long NOW = 100_000;

    private final List<String> commanded = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile AgentView view = primary(NOW + 3_000);
    private final AgentMetrics metrics = new AgentMetrics(() -> view, () -> NOW);
    private @Nullable AdminServer server;

    @BeforeEach
    void serve() throws IOException {
        start(Secret.of("token"));
    }

    @AfterEach
    void stop() {
        stopServer();
        metrics.close();
        client.close();
    }

    @Test
    void primaryAnswersAsPrimaryOnly() throws Exception {
        assertThat(get("/primary")).isEqualTo(200);
        assertThat(get("/masterCheck")).isEqualTo(200);
        assertThat(get("/replica")).isEqualTo(503);
        assertThat(get("/slaveCheck")).isEqualTo(418);
        assertThat(get("/health")).isEqualTo(200);
        assertThat(get("/readiness")).isEqualTo(200);
        assertThat(get("/liveness")).isEqualTo(200);
    }

    @Test
    void primaryPastItsDeadlineIsNone() throws Exception {
        view = primary(NOW);

        assertThat(get("/primary")).isEqualTo(503);
        assertThat(get("/masterCheck")).isEqualTo(418);
        assertThat(get("/health")).isEqualTo(200);
    }

    @Test
    void replicaAnswersByItsLag() throws Exception {
        view = replica(1_500);

        assertThat(get("/primary")).isEqualTo(503);
        assertThat(get("/replica")).isEqualTo(200);
        assertThat(get("/replica?maxLag=2s")).isEqualTo(200);
        assertThat(get("/replica?maxLag=1s")).isEqualTo(503);
        assertThat(get("/replica?maxLag=1")).isEqualTo(400);
        assertThat(get("/slaveCheck")).isEqualTo(200);
        assertThat(get("/readiness")).isEqualTo(200);
    }

    @Test
    void replicaOfUnknownLagIsNotReady() throws Exception {
        view = replica(-1);

        assertThat(get("/replica")).isEqualTo(503);
        assertThat(get("/readiness")).isEqualTo(503);
    }

    @Test
    void agentWhoseLoopStandsStillIsNotAlive() throws Exception {
        view = AgentView.starting("shop", "n1");

        assertThat(get("/liveness")).isEqualTo(503);
        assertThat(get("/health")).isEqualTo(503);
        assertThat(get("/status")).isEqualTo(200);
    }

    @Test
    void promiseIsAnsweredAsPeersReadIt() {
        String address = "127.0.0.1:" + uri("/").getPort();
        Duration limit = Duration.ofSeconds(5);

        var answers =
                new HttpPeers("token", null)
                        .ask(Map.of("n2", address, "n3", "127.0.0.1:1"), 7, "n1", limit, limit);

        assertThat(answers).containsOnlyKeys("n2");
        assertThat(answers.get("n2")).isEqualTo(new Peers.Promised(true, 7));
        assertThat(new HttpPeers("wrong", null).ask(Map.of("n2", address), 7, "n1", limit, limit))
                .isEmpty();
    }

    @Test
    void promiseIsAnsweredOverTlsToWhoTrustsTheCertificate(@TempDir Path directory)
            throws Exception {
        HttpConfig.Tls tls = Pem.make(directory.resolve("agent"));
        HttpConfig.Tls other = Pem.make(directory.resolve("other"));
        stopServer();
        start(Secret.of("token"), tls);
        Map<String, String> peers = Map.of("n2", "127.0.0.1:" + uri("/").getPort());
        Duration limit = Duration.ofSeconds(5);

        assertThat(
                        new HttpPeers("token", PeerTrust.of(tls.cert()))
                                .ask(peers, 7, "n1", limit, limit))
                .containsEntry("n2", new Peers.Promised(true, 7));
        assertThat(
                        new HttpPeers("token", PeerTrust.of(other.cert()))
                                .ask(peers, 7, "n1", limit, limit))
                .isEmpty();
        assertThat(new HttpPeers("token", null).ask(peers, 7, "n1", limit, limit)).isEmpty();
    }

    @Test
    void targetOfSwitchoverSaysWhetherItHasCaughtUp() {
        String address = "127.0.0.1:" + uri("/").getPort();
        Duration limit = Duration.ofSeconds(5);
        String gtids = "7d3f1c1e-0f6c-11ef-9d4b-0242ac120002:1-9";
        HttpPeers peers = new HttpPeers("token", null);

        assertThat(peers.catchUp(address, 7, gtids, limit)).succeedsWithin(limit).isEqualTo(true);
        assertThat(commanded).contains("catch up 7 " + gtids + " PT5S");
        assertThat(peers.catchUp(address, 8, gtids, limit)).succeedsWithin(limit).isEqualTo(false);
        assertThat(peers.catchUp(address, 7, "no set", limit))
                .succeedsWithin(limit)
                .isEqualTo(false);
        assertThat(peers.catchUp("127.0.0.1:1", 7, gtids, limit))
                .succeedsWithin(limit)
                .isEqualTo(false);
        assertThat(new HttpPeers("wrong", null).catchUp(address, 7, gtids, limit))
                .succeedsWithin(limit)
                .isEqualTo(false);
    }

    @Test
    void targetOfSwitchoverSaysWhetherItIsReady() {
        String address = "127.0.0.1:" + uri("/").getPort();
        Duration limit = Duration.ofSeconds(5);
        HttpPeers peers = new HttpPeers("token", null);

        assertThat(peers.getReady(address, "op 1", limit)).succeedsWithin(limit).isEqualTo(true);
        assertThat(commanded).contains("get ready op 1 PT5S");
        assertThat(peers.getReady(address, "op 2", limit)).succeedsWithin(limit).isEqualTo(false);
        assertThat(new HttpPeers("wrong", null).getReady(address, "op 1", limit))
                .succeedsWithin(limit)
                .isEqualTo(false);
    }

    @Test
    void statusIsThePicture() throws Exception {
        String status = send(HttpRequest.newBuilder(uri("/status"))).body();

        assertThat(status)
                .contains("\"node\":\"n1\"")
                .contains("\"role\":\"PRIMARY\"")
                .contains("\"ackers\":[\"n2\"]")
                .contains("\"semiSyncClients\":2");
    }

    @Test
    void metricsShowThePictureAndWhatHappened() throws Exception {
        metrics.onRenewal("renewed", Duration.ofMillis(4));
        metrics.onElection("won");
        metrics.onRoleChange(NodeRole.PRIMARY);
        metrics.onTick(Duration.ofMillis(1));

        String text = send(HttpRequest.newBuilder(uri("/metrics"))).body();

        assertThat(text)
                .contains("moha_agent_epoch{cluster=\"shop\",node=\"n1\"} 7.0")
                .contains("role=\"primary\"} 1.0")
                .contains("moha_agent_guard_slack_seconds{cluster=\"shop\",node=\"n1\"} 3.0")
                .contains("moha_agent_lease_renewal_seconds_count")
                .contains("moha_agent_elections_total")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void changesNeedTheToken() throws Exception {
        assertThat(send(post("/pause", "")).statusCode()).isEqualTo(401);
        assertThat(send(post("/pause", "").header("Authorization", "Bearer wrong")).statusCode())
                .isEqualTo(401);
        assertThat(get("/pause")).isEqualTo(405);
        assertThat(commanded).isEmpty();
    }

    @Test
    void withoutAConfiguredTokenNothingCanBeChanged() throws Exception {
        stopServer();
        start(null);

        assertThat(send(authorized("/resume", "")).statusCode()).isEqualTo(403);
        assertThat(commanded).isEmpty();
    }

    @Test
    void commandsAreHandedOn() throws Exception {
        assertThat(
                        send(authorized("/switchover", "{\"to\":\"n2\",\"timeout\":\"3s\"}"))
                                .statusCode())
                .isEqualTo(200);
        assertThat(send(authorized("/switchover?to=n3&dryRun=true", "")).statusCode())
                .isEqualTo(200);
        assertThat(send(authorized("/pause", "{\"reason\":\"work\"}")).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = send(authorized("/resume", ""));

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("not paused");
        assertThat(commanded)
                .containsExactly(
                        "switchover n2 false PT3S",
                        "switchover n3 true PT10S",
                        "pause work",
                        "resume");
    }

    @Test
    void nonsenseIsRefused() throws Exception {
        assertThat(get("/nothing")).isEqualTo(404);
        assertThat(send(authorized("/switchover", "{")).statusCode()).isEqualTo(400);
        assertThat(send(HttpRequest.newBuilder(uri("/status")).DELETE()).statusCode())
                .isEqualTo(405);
        assertThat(send(authorized("/pause", "x".repeat(100_000))).statusCode()).isEqualTo(413);
    }

    private void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private void start(@Nullable Secret token) throws IOException {
        start(token, null);
    }

    private void start(@Nullable Secret token, HttpConfig.@Nullable Tls tls) throws IOException {
        HostPort listen = new HostPort("127.0.0.1", 0);
        server =
                AdminServer.start(
                        new HttpConfig(listen, listen, tls, token),
                        () -> view,
                        () -> NOW,
                        new Recorder(),
                        metrics);
    }

    private URI uri(String path) {
        AdminServer running = server;
        assertThat(running != null).isTrue();
        int port = running == null ? 0 : running.address().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private int get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path))).statusCode();
    }

    private HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder authorized(String path, String body) {
        return post(path, body).header("Authorization", "Bearer token");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static AgentView primary(long deadlineMillis) {
        return view(
                NodeRole.PRIMARY,
                new AgentView.Server("9.7.0", false, "", 2, 0, 40, null),
                deadlineMillis);
    }

    private static AgentView replica(long lagMs) {
        AgentView.Replication replication =
                new AgentView.Replication("10.0.0.2:3306", true, true, lagMs, "");
        return view(
                NodeRole.REPLICA,
                new AgentView.Server("9.7.0", true, "", 0, 0, -1, replication),
                0);
    }

    private static AgentView view(NodeRole role, AgentView.Server mysql, long deadlineMillis) {
        String leader = role == NodeRole.PRIMARY ? "n1" : "n2";
        return new AgentView(
                "shop",
                "n1",
                role,
                "because",
                7,
                NOW - 100,
                true,
                false,
                new AgentView.Leader(leader, "10.0.0.1:3306", LeaderState.SERVING, 7),
                mysql,
                new GuardStatus(GuardStatus.State.RUNNING, 1, 1, deadlineMillis, 7, 0, ""),
                new AgentView.Sync(SyncMode.SYNC, 1, List.of("n2")),
                null,
                List.of());
    }

    /** Remembers what it was told, and refuses to resume. */
    private final class Recorder implements AgentCommands {

        @Override
        public Outcome switchover(@Nullable String to, boolean dryRun, Duration timeout) {
            commanded.add("switchover " + to + " " + dryRun + " " + timeout);
            return new Outcome(true, "asked for");
        }

        @Override
        public Outcome pause(String reason) {
            commanded.add("pause " + reason);
            return new Outcome(true, "paused");
        }

        @Override
        public Outcome resume() {
            commanded.add("resume");
            return new Outcome(false, "not paused");
        }

        @Override
        public Outcome failover(@Nullable String to, boolean acceptLoss) {
            return new Outcome(acceptLoss, "would lose nothing on " + to);
        }

        @Override
        public Promised promise(long epoch, String holder, Duration ttl) {
            return new Promised(epoch == 7 && holder.equals("n1"), 7);
        }

        @Override
        public boolean getReady(String operation, Duration limit) {
            commanded.add("get ready " + operation + " " + limit);
            return operation.equals("op 1");
        }

        @Override
        public boolean catchUp(long epoch, String gtids, Duration limit) {
            commanded.add("catch up " + epoch + " " + gtids + " " + limit);
            return epoch == 7;
        }
    }
}
