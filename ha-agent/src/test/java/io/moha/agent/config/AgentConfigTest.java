package io.moha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.InvalidConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentConfigTest {

    private static final String SMALLEST =
            """
            cluster: shop
            node: {id: n1}
            etcd: {endpoints: [http://10.0.0.1:2379]}
            mysql:
              address: 10.0.0.11:3306
              admin: {user: moha_admin, password: "${ADMIN}"}
              replication: {user: moha_repl, password: "${REPL}"}
              command: [mysqld, --defaults-file=/etc/my.cnf]
            stateDir: state
            """;

    private static AgentConfig read(String text) throws InvalidConfigException {
        return AgentConfig.read(
                ConfigFile.of(
                        text, Path.of("/etc/moha"), Map.of("ADMIN", "secret1", "REPL", "secret2")));
    }

    @Test
    void whatIsNotSaidHasTheDocumentedDefault() throws Exception {
        AgentConfig config = read(SMALLEST);

        assertThat(config.node()).isEqualTo(new NodeConfig("n1", "", 100, false));
        assertThat(config.etcd().prefix()).isEqualTo("/moha");
        assertThat(config.mysql().advertise()).isEqualTo(new HostPort("10.0.0.11", 3306));
        assertThat(config.mysql().admin().password().reveal()).isEqualTo("secret1");
        assertThat(config.mysql().tls().required()).isTrue();
        assertThat(config.http().listen()).isEqualTo(new HostPort("0.0.0.0", 8008));
        assertThat(config.http().advertise()).isEqualTo(new HostPort("10.0.0.11", 8008));
        assertThat(config.http().token()).isNull();
        assertThat(config.lease())
                .isEqualTo(
                        new LeaseConfig(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1)));
        assertThat(config.durability())
                .isEqualTo(
                        new DurabilityConfig(DurabilityConfig.Mode.SAFE, 1, Duration.ofSeconds(3)));
        assertThat(config.failover())
                .isEqualTo(new FailoverConfig(Duration.ofSeconds(10), Duration.ofSeconds(60)));
        assertThat(config.rejoin().mode()).isEqualTo(RejoinConfig.Mode.AUTO);
        assertThat(config.stateDir()).isEqualTo(Path.of("/etc/moha/state"));
        assertThat(config.toString()).doesNotContain("secret1", "secret2");
    }

    @Test
    void everyKeyIsRead() throws Exception {
        AgentConfig config =
                read(
                        """
                        cluster: shop
                        node: {id: n1, zone: az1, priority: 7, neverPromote: true}
                        etcd:
                          endpoints: [https://10.0.0.1:2379, https://10.0.0.2:2379]
                          username: moha
                          password: "${ADMIN}"
                          tls: {ca: ca.pem, cert: c.pem, key: k.pem}
                          prefix: /other
                        mysql:
                          address: 127.0.0.1:3306
                          advertise: 10.0.0.11:3306
                          admin: {user: moha_admin, password: "${ADMIN}"}
                          replication: {user: moha_repl, password: "${REPL}"}
                          tls: {ca: ca.pem, required: false}
                          pidFile: /var/run/mysqld/mysqld.pid
                        http:
                          listen: 0.0.0.0:8009
                          advertise: 10.0.0.11:8010
                          tls: {cert: c.pem, key: k.pem}
                          token: "${REPL}"
                        lease: {ttl: 10s, renewEvery: 1500ms, margin: 2s}
                        durability: {mode: strict, acks: 2, degradeAfter: 5s}
                        failover: {hangAfter: 20s, minTenure: 30s}
                        rejoin: {mode: manual, divergenceDir: /var/lib/diverged}
                        stateDir: /var/lib/moha/n1
                        """);

        assertThat(config.node()).isEqualTo(new NodeConfig("n1", "az1", 7, true));
        assertThat(config.mysql().command()).isEmpty();
        assertThat(config.mysql().pidFile()).isEqualTo(Path.of("/var/run/mysqld/mysqld.pid"));
        assertThat(config.mysql().tls())
                .isEqualTo(new MysqlConfig.Tls(Path.of("/etc/moha/ca.pem"), false));
        assertThat(config.http().advertise()).isEqualTo(new HostPort("10.0.0.11", 8010));
        assertThat(config.http().tls())
                .isEqualTo(
                        new HttpConfig.Tls(
                                Path.of("/etc/moha/c.pem"), Path.of("/etc/moha/k.pem"), null));
        assertThat(config.lease().renewEvery()).isEqualTo(Duration.ofMillis(1500));
        assertThat(config.durability().mode()).isEqualTo(DurabilityConfig.Mode.STRICT);
        assertThat(config.rejoin().divergenceDir()).isEqualTo(Path.of("/var/lib/diverged"));
    }

    @Test
    void everythingWrongIsToldAtOnceWithItsLine() {
        String text =
                SMALLEST.replace("id: n1", "id: a/b")
                                .replace("  command: [mysqld, --defaults-file=/etc/my.cnf]\n", "")
                        + "lease: {ttl: 2s, renewEvery: 1s}\ndurabilty: {}\n";

        InvalidConfigException refused =
                catchThrowableOfType(InvalidConfigException.class, () -> read(text));

        assertThat(refused.problems())
                .anySatisfy(p -> assertThat(p).startsWith("line 2:").contains("a/b"))
                .anySatisfy(p -> assertThat(p).contains("mysql.command").contains("pidFile"))
                .anySatisfy(p -> assertThat(p).contains("lease.ttl"))
                .anySatisfy(p -> assertThat(p).contains("durabilty"));
    }
}
