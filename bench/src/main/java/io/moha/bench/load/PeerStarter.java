package io.moha.bench.load;

import io.moha.bench.proc.Await;
import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.Http;
import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessStack;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the ways to one server, each on a port of its own. */
final class PeerStarter {

    private static final Duration START_BOUND = Duration.ofMinutes(2);
    // The proxy also has an admin and an HTTP port.
    private static final int PORTS_PER_PEER = 3;
    private static final int FIRST_PEER_OFFSET = 10;

    private static final List<String> QUIET =
            List.of("-Dlogback.configurationFile=io/moha/bench/logback-bench.xml");

    private final ProcessStack processes;
    private final MysqlFixture mysql;
    private final Jvm jvm;
    private final @Nullable Path launcher;
    private final int basePort;
    private int nextPort;

    /**
     * A starter that uses ports from {@code basePort} + 1 on.
     *
     * @param launcher the {@code moha} script to start the proxy with; null to start its class with
     *     the flags of {@code jvm}
     */
    PeerStarter(
            ProcessStack processes,
            MysqlFixture mysql,
            Jvm jvm,
            @Nullable Path launcher,
            int basePort) {
        this.processes = processes;
        this.mysql = mysql;
        this.jvm = jvm;
        this.launcher = launcher;
        this.basePort = basePort;
        this.nextPort = basePort + FIRST_PEER_OFFSET;
    }

    /** Starts those of {@code specs}; returns once all accept clients. */
    List<Peer> start(List<PeerSpec> specs) {
        if (specs.stream().anyMatch(spec -> spec.kind().needsEtcd())) {
            startEtcd();
        }
        return specs.stream().map(this::start).toList();
    }

    /** Starts one; returns once it accepts clients. */
    Peer start(PeerSpec spec) {
        int port = nextPort;
        nextPort += PORTS_PER_PEER;
        return switch (spec.kind()) {
            case DIRECT -> new Peer(spec, mysql.port(), null);
            case HAPROXY -> started(spec, port, haproxy(port));
            case RELAY -> started(spec, port, relay(spec, port));
            case MOHA -> ready(started(spec, port, moha(spec, port, "disabled")));
            case MOHA_TLS -> ready(started(spec, port, moha(spec, port, "required")));
        };
    }

    /** Starts the proxy; returns once it accepts, which is before it knows of a primary. */
    Peer startProxyUntilAccepting() {
        int port = nextPort;
        nextPort += PORTS_PER_PEER;
        PeerSpec spec = PeerSpec.plain(PeerKind.MOHA);
        return started(spec, port, moha(spec, port, "disabled"));
    }

    /** Starts etcd, where the proxy learns which server is the primary. */
    void startEtcd() {
        EtcdFixture.start(processes, basePort + 1)
                .declarePrimary(
                        "127.0.0.1:" + mysql.port(),
                        mysql.text("SELECT @@server_uuid"),
                        mysql.text("SELECT VERSION()"));
    }

    private static Peer started(PeerSpec spec, int port, ManagedProcess process) {
        process.awaitPort(port, START_BOUND);
        return new Peer(spec, port, process);
    }

    /** The proxy accepts before it has heard of a primary, and lets clients wait; these do not. */
    private static Peer ready(Peer peer) {
        URI ready = URI.create("http://127.0.0.1:" + (peer.port() + 2) + "/ready");
        Await.until("the proxy to be ready", START_BOUND, () -> Http.answersOk(ready));
        return peer;
    }

    private ManagedProcess haproxy(int port) {
        Path config = processes.directory().resolve("haproxy.cfg");
        write(
                config,
                """
                global
                    nbthread 1
                    maxconn 8000
                defaults
                    mode tcp
                    timeout connect 10s
                    timeout client 1h
                    timeout server 1h
                listen mysql
                    bind 127.0.0.1:%d
                    server s1 127.0.0.1:%d
                """
                        .formatted(port, mysql.port()));
        return processes.start("haproxy", List.of("haproxy", "-db", "-f", config.toString()));
    }

    private ManagedProcess relay(PeerSpec spec, int port) {
        List<String> command =
                new ArrayList<>(
                        jvm.and(spec.jvmFlags())
                                .and(QUIET)
                                .command(
                                        "io.moha.bench.relay.RelayMain",
                                        "--listen=127.0.0.1:" + port,
                                        "--target=127.0.0.1:" + mysql.port()));
        command.addAll(spec.arguments());
        return processes.start("relay-" + port, command);
    }

    private ManagedProcess moha(PeerSpec spec, int port, String serverTls) {
        Path directory = processes.directory();
        Path config = directory.resolve("proxy-" + port + ".yaml");
        Path password = directory.resolve("proxy-admin.pw");
        write(password, "admin-secret");
        write(
                config,
                """
                cluster: %s
                id: bench-%d
                etcd:
                  endpoints: ["http://127.0.0.1:%d"]
                  prefix: %s
                listeners:
                  - {name: rw, listen: "127.0.0.1:%d", route: primary}
                admin: {listen: "127.0.0.1:%d", user: admin, passwordFile: %s}
                http: {listen: "127.0.0.1:%d"}
                tls: {cert: %s, key: %s, clients: preferred, servers: %s}
                threads: 1
                """
                        .formatted(
                                EtcdFixture.CLUSTER,
                                port,
                                basePort + 1,
                                EtcdFixture.PREFIX,
                                port,
                                port + 1,
                                password,
                                port + 2,
                                mysql.dataDirectory().resolve("server-cert.pem"),
                                mysql.dataDirectory().resolve("server-key.pem"),
                                serverTls));
        Path program = launcher;
        List<String> command =
                program == null
                        ? jvm.and(spec.jvmFlags())
                                .and(QUIET)
                                .command("io.moha.bench.load.ProxyProcess", config.toString())
                        : List.of(program.toString(), "proxy", "--config", config.toString());
        return processes.start("moha-" + port, command);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file, e);
        }
    }
}
