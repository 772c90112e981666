package io.moha.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.moha.provision.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code demo.json}: every endpoint, account and pid file of a running demo, for scripts. Paths are
 * absolute, endpoints are host:port.
 *
 * @param cluster the cluster's name
 * @param prefix of its keys in etcd
 * @param etcd its stores
 * @param nodes its MySQL servers with their agents
 * @param proxies what clients connect to
 * @param accounts to log in with
 */
public record DemoFile(
        String cluster,
        String prefix,
        List<Etcd> etcd,
        List<Node> nodes,
        List<Proxy> proxies,
        Accounts accounts) {

    /** The file's name in the demo's directory. */
    public static final String NAME = "demo.json";

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    /** Copies the lists. */
    public DemoFile {
        etcd = List.copyOf(etcd);
        nodes = List.copyOf(nodes);
        proxies = List.copyOf(proxies);
    }

    /** One etcd server. */
    public record Etcd(String id, String client, String pidFile, String log) {}

    /** One MySQL server and its agent. */
    public record Node(
            String id,
            String mysql,
            String http,
            String config,
            String mysqldPidFile,
            String agentPidFile,
            String datadir,
            String socket,
            String log,
            String mysqldLog) {}

    /** One proxy. */
    public record Proxy(
            String id,
            String rw,
            String ro,
            String split,
            String admin,
            String http,
            String config,
            String pidFile,
            String log) {}

    /** Who may log in: at the servers and through the proxies, but admin at the admin port. */
    public record Accounts(Account app, Account root, Account admin) {}

    /** One account. */
    public record Account(String user, String password) {}

    static Etcd of(EtcdNode etcd) {
        return new Etcd(etcd.id(), etcd.client(), etcd.pidFile().toString(), etcd.log().toString());
    }

    static Node of(AgentNode agent) {
        MysqlNode mysql = agent.mysql();
        return new Node(
                agent.id(),
                mysql.address(),
                agent.http(),
                agent.config().toString(),
                mysql.pidFile().toString(),
                agent.pidFile().toString(),
                mysql.datadir().toString(),
                mysql.socket().toString(),
                agent.log().toString(),
                mysql.log().toString());
    }

    static Proxy of(ProxyNode proxy) {
        return new Proxy(
                proxy.id(),
                proxy.write(),
                proxy.read(),
                proxy.split(),
                proxy.admin(),
                proxy.http(),
                proxy.config().toString(),
                proxy.pidFile().toString(),
                proxy.log().toString());
    }

    /** The demo of {@code directory}; null when none is running there. */
    public static @Nullable DemoFile find(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            return MAPPER.readValue(Files.readString(file), DemoFile.class);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is not what a demo writes: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes it into {@code directory}, whole or not at all, readable by this user only. */
    public void write(Path directory) throws IOException {
        FileTree.writeSecret(directory.resolve(NAME), MAPPER.writeValueAsString(this) + "\n");
    }
}
