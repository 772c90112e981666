package io.moha.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One proxy with its files in one folder.
 *
 * @param id for example p1
 * @param directory of its files, absolute
 * @param number from 1, which decides its ports
 * @param ports of the demo
 */
public record ProxyNode(String id, Path directory, int number, DemoPorts ports) {

    private static String loopback(int port) {
        return "127.0.0.1:" + port;
    }

    /** host:port for writing. */
    public String write() {
        return loopback(ports.proxyWrite(number));
    }

    /** host:port for reading. */
    public String read() {
        return loopback(ports.proxyRead(number));
    }

    /** host:port that splits reads from writes. */
    public String split() {
        return loopback(ports.proxySplit(number));
    }

    /** host:port of the admin SQL. */
    public String admin() {
        return loopback(ports.proxyAdmin(number));
    }

    /** host:port of its HTTP. */
    public String http() {
        return loopback(ports.proxyHttp(number));
    }

    /** Its configuration. */
    public Path config() {
        return directory.resolve("proxy.yaml");
    }

    /** Holds its pid while it runs. */
    public Path pidFile() {
        return directory.resolve("proxy.pid");
    }

    /** What it logs. */
    public Path log() {
        return directory.resolve("proxy.log");
    }

    /** Writes its configuration for {@code cluster}. */
    public void prepare(ClusterSetup cluster) throws IOException {
        Files.createDirectories(directory);
        Accounts accounts = cluster.accounts();
        Files.writeString(
                config(),
                """
                cluster: %s
                id: %s
                etcd:
                  endpoints: [%s]
                  prefix: %s
                listeners:
                  - {name: rw, listen: "%s", route: primary}
                  - {name: ro, listen: "%s", route: replica}
                  - {name: split, listen: "%s", route: split}
                admin: {listen: "%s", user: %s, passwordFile: "%s"}
                http: {listen: "%s"}
                """
                        .formatted(
                                cluster.name(),
                                id,
                                cluster.endpoints(),
                                cluster.prefix(),
                                write(),
                                read(),
                                split(),
                                admin(),
                                accounts.admin().user(),
                                accounts.passwordFile(accounts.admin()),
                                http()));
    }

    /** How to run it. */
    public ServerProcess.Plan plan() {
        return new ServerProcess.Plan(
                "proxy " + id,
                Program.command("proxy", "--config", config().toString()),
                Program.environment(),
                directory,
                log(),
                pidFile());
    }
}
