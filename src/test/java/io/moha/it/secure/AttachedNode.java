package io.moha.it.secure;

import io.moha.demo.Accounts;
import io.moha.demo.MysqlNode;
import io.moha.it.fixture.Http;
import io.moha.it.fixture.MysqlUnderTest;
import io.moha.it.fixture.Ports;
import io.moha.it.fixture.ProductJvm;
import io.moha.it.fixture.ServerProcess;
import io.moha.it.fixture.WorkDir;
import io.moha.provision.DatadirSeed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A mysqld that the test supervises, in the place of systemd, and an agent attached to it. */
final class AttachedNode implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofSeconds(60);

    /** What changing requests must present. */
    static final String TOKEN = "open-sesame";

    private final Http http;
    private final MysqlNode mysql;
    private final Path config;
    private final ServerProcess agent;
    private ServerProcess mysqld;

    /** Starts server and agent of the node {@code number}, from 1. */
    AttachedNode(
            int number,
            WorkDir work,
            MysqlUnderTest program,
            DatadirSeed seed,
            Accounts accounts,
            Certificates certificates,
            String etcd)
            throws Exception {
        int port = Ports.block(3);
        String id = "n" + number;
        http = new Http(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + 2));
        mysql = new MysqlNode(program.home(), id, work.path().resolve(id), number, port, port + 1);
        mysql.prepare(seed);
        Certificates.Pair own = certificates.issue("mysql-" + id);
        mysql.writeOptions(
                """
                ssl_ca = %s
                ssl_cert = %s
                ssl_key = %s
                require_secure_transport = ON
                plugin_load_add = semisync_source.so
                plugin_load_add = semisync_replica.so
                plugin_load_add = mysql_clone.so
                """
                        .formatted(certificates.ca(), own.cert(), own.key()));
        mysqld = startMysqld();
        config =
                work.file(
                        id + ".yaml",
                        """
                        cluster: secure
                        node: {id: %s}
                        %s
                        mysql:
                          address: %s
                          advertise: %s
                          admin: {user: %s, passwordFile: %s}
                          replication: {user: %s, passwordFile: %s}
                          tls: {ca: %s, required: true}
                          pidFile: %s
                        http: {listen: "127.0.0.1:%d", tokenFile: %s}
                        stateDir: %s
                        """
                                .formatted(
                                        id,
                                        etcd,
                                        mysql.address(),
                                        mysql.address(),
                                        accounts.agent().user(),
                                        accounts.passwordFile(accounts.agent()),
                                        accounts.replication().user(),
                                        accounts.passwordFile(accounts.replication()),
                                        certificates.ca(),
                                        mysql.pidFile(),
                                        port + 2,
                                        work.file("http.token", TOKEN + "\n"),
                                        work.path().resolve(id + "-state")));
        agent =
                ServerProcess.start(
                        "agent " + id,
                        work.path().resolve(id + "-agent.log"),
                        ProductJvm.moha(List.of("agent", "--config", config.toString())),
                        ProductJvm.environment());
    }

    private ServerProcess startMysqld() {
        ServerProcess started =
                ServerProcess.start(
                        "mysqld " + mysql.id(),
                        mysql.directory().resolve("mysqld.out"),
                        mysql.command());
        String pid = Long.toString(started.pid());
        started.awaitReady(
                START_BOUND, () -> Files.readString(mysql.pidFile()).strip().equals(pid));
        return started;
    }

    /** The agent's HTTP port. */
    Http http() {
        return http;
    }

    /** Its name. */
    String id() {
        return mysql.id();
    }

    /** The agent's configuration file. */
    Path config() {
        return config;
    }

    /** What the agent has logged. */
    String log() {
        return agent.tail();
    }

    /** Ends mysqld with SIGKILL and waits until it is gone. */
    void killMysqld() {
        mysqld.kill();
    }

    /** Starts mysqld again. */
    void restartMysqld() {
        mysqld = startMysqld();
    }

    /** Whether mysqld runs. */
    boolean isRunning() {
        return mysqld.alive();
    }

    /** Ends the agent with SIGKILL. */
    void killAgent() {
        agent.kill();
    }

    @Override
    public void close() {
        agent.close();
        mysqld.close();
    }
}
