package io.moha.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.base.Ticker;
import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.HostPort;
import io.moha.proxy.config.ProxyConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole proxy without etcd behind it. */
@Timeout(30)
class ProxyServerTest {

    private static final String CONFIG =
            """
            cluster: shop
            id: p1
            etcd: {endpoints: [http://127.0.0.1:1]}
            listeners:
              - {name: rw, listen: 127.0.0.1:0, route: primary}
            admin: {listen: 127.0.0.1:0, password: ""}
            http: {listen: 127.0.0.1:0}
            limits: {maxClients: 2}
            drain: {timeout: 100ms}
            tls: {clients: disabled, servers: disabled}
            threads: 1
            """;

    private ProxyServer server;
    private Map<String, HostPort> ports;

    @BeforeEach
    void start() throws Exception {
        ProxyConfig config = ProxyConfig.read(ConfigFile.of(CONFIG, Path.of("/"), Map.of()));
        server = new ProxyServer(config, "test", Ticker.system());
        ports = server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Socket connect(String listener) throws IOException {
        HostPort address = port(listener);
        return new Socket(address.host(), address.port());
    }

    private HostPort port(String listener) {
        return Objects.requireNonNull(ports.get(listener), listener);
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + port("http") + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void itIsAliveButNotReadyBeforeItKnowsTheCluster() throws Exception {
        assertThat(get("/liveness").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get("/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("\"readyForWrites\":false", "\"primaryState\":\"NONE\"");
        assertThat(get("/ready?for=reads").statusCode()).isEqualTo(503);
        assertThat(get("/ready?for=lunch").statusCode()).isEqualTo(400);
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").body()).contains("moha_proxy_writable 0.0");
        assertThat(get("/status").body()).contains("\"proxy\":\"p1\"", "\"draining\":false");
    }

    @Test
    void clientsBeyondTheLimitGetError1040InsteadOfAGreeting() throws Exception {
        try (Socket first = connect("rw");
                Socket second = connect("rw");
                Socket third = connect("rw")) {
            InputStream in = third.getInputStream();
            byte[] packet = in.readNBytes(27);

            assertThat(packet).startsWith(23, 0, 0, 0, 0xFF, 0x10, 0x04);
            assertThat(new String(packet, 7, 20, StandardCharsets.UTF_8))
                    .isEqualTo("Too many connections");
            assertThat(in.read()).isEqualTo(-1);
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
    }

    @Test
    void whileDrainingNoClientIsTakenButOperatorsAre() throws Exception {
        assertThat(server.drain()).isTrue();
        assertThat(server.drain()).isFalse();

        assertThat(get("/status").body()).contains("\"draining\":true");
        try (Socket admin = connect("admin")) {
            assertThat(admin.getInputStream().readNBytes(5)).endsWith(10);
        }
    }
}
