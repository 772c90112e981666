package io.moha.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One agent with its files in one folder.
 *
 * @param mysql the server it looks after
 * @param directory of its files, absolute
 * @param httpPort on 127.0.0.1
 */
public record AgentNode(MysqlNode mysql, Path directory, int httpPort) {

    /** The id of the node. */
    public String id() {
        return mysql.id();
    }

    /** host:port of its HTTP. */
    public String http() {
        return "127.0.0.1:" + httpPort;
    }

    /** Its configuration. */
    public Path config() {
        return directory.resolve("agent.yaml");
    }

    /** Holds its pid while it runs. */
    public Path pidFile() {
        return directory.resolve("agent.pid");
    }

    /** What it logs. */
    public Path log() {
        return directory.resolve("agent.log");
    }

    /** Where it and its guard keep their files. */
    public Path stateDir() {
        return directory.resolve("state");
    }

    /** Writes its configuration as a node of {@code cluster}. */
    public void prepare(ClusterSetup cluster) throws IOException {
        Files.createDirectories(directory);
        Accounts accounts = cluster.accounts();
        Files.writeString(
                config(),
                """
                cluster: %s
                node: {id: %s}
                etcd:
                  endpoints: [%s]
                  prefix: %s
                mysql:
                  address: %s
                  advertise: %s
                  admin: {user: %s, passwordFile: "%s"}
                  replication: {user: %s, passwordFile: "%s"}
                  command: [%s]
                http: {listen: "%s"}
                lease: {ttl: %s}
                stateDir: "%s"
                """
                        .formatted(
                                cluster.name(),
                                id(),
                                cluster.endpoints(),
                                cluster.prefix(),
                                mysql.address(),
                                mysql.address(),
                                accounts.agent().user(),
                                accounts.passwordFile(accounts.agent()),
                                accounts.replication().user(),
                                accounts.passwordFile(accounts.replication()),
                                quoted(mysql.command()),
                                http(),
                                cluster.ttl(),
                                stateDir()));
    }

    /** How to run it. */
    public ServerProcess.Plan plan() {
        return new ServerProcess.Plan(
                "agent " + id(),
                Program.command("agent", "--config", config().toString()),
                Program.environment(),
                directory,
                log(),
                pidFile());
    }

    private static String quoted(List<String> words) {
        return String.join(", ", words.stream().map(word -> '"' + word + '"').toList());
    }
}
