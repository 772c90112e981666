package io.moha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.config.AgentConfig;
import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.proxy.config.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples in config/ are what the programs read, and say the defaults that these have. */
class SampleConfigTest {

    private static final Path SAMPLES = Path.of("..", "config");

    @TempDir Path directory;

    @BeforeEach
    void secretsExist() throws IOException {
        for (String name :
                List.of("admin.pw", "repl.pw", "etcd.pw", "http.token", "proxy-admin.pw")) {
            Files.writeString(directory.resolve(name), "secret\n");
        }
    }

    @Test
    void agentSampleIsAccepted() throws Exception {
        AgentConfig config = AgentConfig.read(file(sample("agent.yaml")));

        assertThat(config.node().id()).isEqualTo("n1");
    }

    @Test
    void agentSampleShowsTheDefaults() throws Exception {
        AgentConfig sample = AgentConfig.read(file(sample("agent.yaml")));

        AgentConfig least = AgentConfig.read(file(leastAgent()));

        assertThat(sample.lease()).isEqualTo(least.lease());
        assertThat(sample.durability()).isEqualTo(least.durability());
        assertThat(sample.failover()).isEqualTo(least.failover());
        assertThat(sample.rejoin().mode()).isEqualTo(least.rejoin().mode());
        assertThat(sample.node().priority()).isEqualTo(least.node().priority());
        assertThat(sample.node().neverPromote()).isEqualTo(least.node().neverPromote());
        assertThat(sample.mysql().tls()).isEqualTo(least.mysql().tls());
        assertThat(sample.http().listen()).isEqualTo(least.http().listen());
        assertThat(sample.etcd().prefix()).isEqualTo(least.etcd().prefix());
    }

    @Test
    void agentSampleIsAcceptedWithItsOptionalKeys() throws Exception {
        AgentConfig config = AgentConfig.read(file(uncommented(sample("agent.yaml"))));

        assertThat(config.etcd().tls()).isNotNull();
        assertThat(config.http().token()).isNotNull();
    }

    @Test
    void proxySampleIsAccepted() throws Exception {
        ProxyConfig config = ProxyConfig.read(file(sample("proxy.yaml")));

        assertThat(config.listeners()).hasSize(3);
    }

    @Test
    void proxySampleShowsTheDefaults() throws Exception {
        ProxyConfig sample = ProxyConfig.read(file(sample("proxy.yaml")));

        ProxyConfig least = ProxyConfig.read(file(leastProxy()));

        assertThat(sample.hold()).isEqualTo(least.hold());
        assertThat(sample.drain()).isEqualTo(least.drain());
        assertThat(sample.reads()).isEqualTo(least.reads());
        assertThat(sample.pool()).isEqualTo(least.pool());
        assertThat(sample.limits()).isEqualTo(least.limits());
        assertThat(sample.tls()).isEqualTo(least.tls());
        assertThat(sample.http()).isEqualTo(least.http());
        assertThat(sample.admin().listen()).isEqualTo(least.admin().listen());
        assertThat(sample.proxyProtocol()).isEqualTo(least.proxyProtocol());
        assertThat(sample.threads()).isEqualTo(least.threads());
    }

    @Test
    void proxySampleIsAcceptedWithItsOptionalKeys() throws Exception {
        ProxyConfig config = ProxyConfig.read(file(uncommented(sample("proxy.yaml"))));

        assertThat(config.tls().cert()).isNotNull();
    }

    private ConfigFile file(String text) throws InvalidConfigException {
        return ConfigFile.of(text, directory, Map.of());
    }

    private String sample(String name) throws IOException {
        return Files.readString(SAMPLES.resolve(name)).replace("/etc/moha/", directory + "/");
    }

    /** With the keys that stand behind a # and no blank. */
    private static String uncommented(String text) {
        return text.replaceAll("(?m)^( *)#([a-zA-Z]+:)", "$1$2");
    }

    private String leastAgent() {
        return """
        cluster: shop
        node: {id: n1}
        etcd: {endpoints: ["http://10.0.0.1:2379"]}
        mysql:
          address: 127.0.0.1:3306
          admin: {user: a, passwordFile: %1$s/admin.pw}
          replication: {user: r, passwordFile: %1$s/repl.pw}
          command: [mysqld]
        stateDir: /var/lib/moha/n1
        """
                .formatted(directory);
    }

    private String leastProxy() {
        return """
        cluster: shop
        id: p1
        etcd: {endpoints: ["http://10.0.0.1:2379"]}
        listeners: [{name: rw, listen: "0.0.0.0:6446", route: primary}]
        admin: {passwordFile: %s/proxy-admin.pw}
        """
                .formatted(directory);
    }
}
