package io.moha.demo;

import io.moha.provision.EtcdHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One etcd server with its files in one folder.
 *
 * @param home the program
 * @param id of the server, for example etcd1
 * @param directory of its files, absolute
 * @param clientPort on 127.0.0.1
 * @param peerPort on 127.0.0.1
 */
public record EtcdNode(EtcdHome home, String id, Path directory, int clientPort, int peerPort) {

    /** host:port for clients. */
    public String client() {
        return "127.0.0.1:" + clientPort;
    }

    /** Holds etcd's pid while it runs. */
    public Path pidFile() {
        return directory.resolve("etcd.pid");
    }

    /** What it logs. */
    public Path log() {
        return directory.resolve("etcd.log");
    }

    private String member() {
        return id + "=http://127.0.0.1:" + peerPort;
    }

    /** Writes its configuration, as one of {@code all}. */
    public void prepare(List<EtcdNode> all) throws IOException {
        Files.createDirectories(directory);
        String cluster = String.join(",", all.stream().map(EtcdNode::member).toList());
        Files.writeString(
                directory.resolve("etcd.yaml"),
                """
                name: %s
                data-dir: %s
                listen-client-urls: http://127.0.0.1:%d
                advertise-client-urls: http://127.0.0.1:%d
                listen-peer-urls: http://127.0.0.1:%d
                initial-advertise-peer-urls: http://127.0.0.1:%d
                initial-cluster: %s
                initial-cluster-state: new
                initial-cluster-token: moha-demo
                # One write a second for the lease: the history would grow for ever.
                auto-compaction-mode: periodic
                auto-compaction-retention: "1h"
                logger: zap
                log-level: warn
                """
                        .formatted(
                                id,
                                directory.resolve("data"),
                                clientPort,
                                clientPort,
                                peerPort,
                                peerPort,
                                cluster));
    }

    /** How to run it. */
    public ServerProcess.Plan plan() {
        return new ServerProcess.Plan(
                "etcd " + id,
                List.of(
                        home.etcd().toString(),
                        "--config-file",
                        directory.resolve("etcd.yaml").toString()),
                // Debian's package has its own defaults in the environment of its service only.
                Map.of(),
                directory,
                log(),
                pidFile());
    }
}
