package io.moha.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.proxy.routing.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyConfigTest {

    private static final String SMALLEST =
            """
            cluster: shop
            id: p1
            etcd: {endpoints: [http://10.0.0.1:2379]}
            listeners:
              - {name: rw, listen: 0.0.0.0:6446, route: primary}
            admin: {password: "${PW}"}
            """;

    private static ConfigFile file(String text) {
        return ConfigFile.of(text, Path.of("/etc/moha"), Map.of("PW", "x"));
    }

    @Test
    void everythingElseHasItsDocumentedDefault() throws Exception {
        ProxyConfig config = ProxyConfig.read(file(SMALLEST));

        assertThat(config.admin().listen()).isEqualTo(new HostPort("127.0.0.1", 6032));
        assertThat(config.admin().user()).isEqualTo("admin");
        assertThat(config.http()).isEqualTo(new HostPort("0.0.0.0", 6033));
        assertThat(config.tls().clients()).isEqualTo(TlsConfig.Mode.PREFERRED);
        assertThat(config.hold())
                .isEqualTo(new HoldConfig(Duration.ofSeconds(10), 10_000, 256L << 20));
        assertThat(config.drain())
                .isEqualTo(new DrainConfig(Duration.ofSeconds(5), DrainConfig.OnDeadline.ERROR));
        assertThat(config.reads().maxLag()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.reads().whenNoReplica()).isEqualTo(ReadsConfig.WhenNoReplica.PRIMARY);
        assertThat(config.pool()).isEqualTo(new PoolConfig(PoolConfig.Mode.SESSION, 500));
        assertThat(config.limits())
                .isEqualTo(new LimitsConfig(20_000, 0, Duration.ofSeconds(10), Duration.ZERO));
        assertThat(config.threads()).isZero();
    }

    @Test
    void everyDocumentedKeyIsRead() throws Exception {
        ProxyConfig config =
                ProxyConfig.read(
                        file(
                                """
                                cluster: shop
                                id: p1
                                etcd:
                                  endpoints: [http://10.0.0.1:2379]
                                  username: moha
                                  password: ${PW}
                                  tls: {ca: ca.pem, cert: , key: }
                                  prefix: /other
                                listeners:
                                  - {name: rw,    listen: 0.0.0.0:6446, route: primary}
                                  - {name: ro,    listen: 0.0.0.0:6447, route: replica}
                                  - {name: split, listen: 0.0.0.0:6450, route: split}
                                admin: {listen: 127.0.0.1:6032, user: boss, password: "${PW}"}
                                http: {listen: 0.0.0.0:6033}
                                tls: {cert: a.pem, key: k.pem, ca: , clients: required, servers: disabled}
                                proxyProtocol: {acceptFrom: [10.0.0.0/8]}
                                hold: {maxWait: 3s, maxSessions: 7, maxBytes: 1MB}
                                drain: {timeout: 1s, onDeadline: close}
                                reads: {maxLag: 1s, causal: none, causalWait: 5ms, whenNoReplica: error}
                                pool: {mode: session, maxPerBackend: 5}
                                limits: {maxClients: 1, maxClientsPerUser: 2, loginTimeout: 3s, idleTimeout: 4s}
                                threads: 2
                                """));

        assertThat(config.listeners())
                .extracting(ListenerConfig::route)
                .containsExactly(Route.PRIMARY, Route.REPLICA, Route.SPLIT);
        assertThat(config.tls().cert()).isEqualTo(Path.of("/etc/moha/a.pem"));
        assertThat(config.proxyProtocol()).containsExactly("10.0.0.0/8");
        assertThat(config.hold()).isEqualTo(new HoldConfig(Duration.ofSeconds(3), 7, 1L << 20));
        assertThat(config.pool().mode()).isEqualTo(PoolConfig.Mode.SESSION);
        assertThat(config.limits())
                .isEqualTo(new LimitsConfig(1, 2, Duration.ofSeconds(3), Duration.ofSeconds(4)));
        assertThat(config.threads()).isEqualTo(2);
    }

    @Test
    void allProblemsAreReportedTogether() {
        InvalidConfigException thrown =
                catchThrowableOfType(
                        InvalidConfigException.class,
                        () ->
                                ProxyConfig.read(
                                        file(
                                                """
                                                cluster: shop
                                                etcd: {endpoints: [http://h:1]}
                                                listeners:
                                                  - {name: rw, listen: 0.0.0.0:1, route: primary}
                                                  - {name: rw, listen: 0.0.0.0:2, rout: replica}
                                                admin: {password: "${PW}"}
                                                proxyProtocol: {acceptFrom: [everywhere]}
                                                threads: many
                                                """)));

        assertThat(thrown.problems())
                .containsExactly(
                        "line 1: id is required",
                        "line 5: listeners[1].name: another listener has the same name",
                        "line 5: unknown key listeners[1].rout, did you mean route?",
                        "line 7: proxyProtocol.acceptFrom[0]: expected a network like 10.0.0.0/8,"
                                + " got 'everywhere'",
                        "line 8: threads: expected a whole number from 0 to 1024, got 'many'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "fd00::/129", "cafe", "10.0.0.1/", "10.0.0"})
    void whatIsNoNetworkIsSaidWithItsLine(String text) throws Exception {
        ConfigFile file =
                ConfigFile.of(
                        SMALLEST + "proxyProtocol: {acceptFrom: ['" + text + "']}\n",
                        Path.of("/"),
                        Map.of("PW", "x"));

        assertThatThrownBy(() -> ProxyConfig.read(file))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("expected a network like 10.0.0.0/8, got '" + text + "'");
    }

    @Test
    void whatThisVersionCannotDoStopsTheStartOrIsSaid() throws Exception {
        ConfigFile pooled =
                ConfigFile.of(
                        SMALLEST + "pool: {mode: transaction}\n", Path.of("/"), Map.of("PW", "x"));
        assertThatThrownBy(() -> ProxyConfig.read(pooled))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("pool.mode: this version keeps one server connection");

        ConfigFile odd =
                ConfigFile.of(
                        SMALLEST + "pool: {maxPerBackend: 5}\nreads: {causal: none}\n",
                        Path.of("/"),
                        Map.of("PW", "x"));
        ProxyConfig.read(odd);
        assertThat(odd.warnings())
                .anyMatch(warning -> warning.contains("pool.maxPerBackend: without effect"))
                .anyMatch(warning -> warning.contains("reads.causal: without effect"));
    }

    @Test
    void aSecretNeverShowsInTheConfigurationsText() throws Exception {
        ProxyConfig config =
                ProxyConfig.read(ConfigFile.of(SMALLEST, Path.of("/"), Map.of("PW", "topsecret")));

        assertThat(config.toString()).doesNotContain("topsecret");
    }
}
