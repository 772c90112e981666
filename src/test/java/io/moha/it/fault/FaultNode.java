package io.moha.it.fault;

import io.moha.demo.Accounts;
import io.moha.demo.ClusterSetup;
import io.moha.demo.MysqlNode;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.ProductJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One node: agent, guard and server.
 *
 * @param mysql its server
 * @param directory of its agent's files
 * @param httpPort where its agent listens
 * @param mysqlPort where others reach the server, through the network
 * @param advertisedHttp where others reach the agent, through the network
 * @param crew runs its agent
 */
record FaultNode(
        MysqlNode mysql,
        Path directory,
        int httpPort,
        int mysqlPort,
        int advertisedHttp,
        Crew crew) {

    private static final Duration BOUND = Duration.ofSeconds(60);

    String id() {
        return mysql.id();
    }

    /** Writes the agent's configuration, ending in the lines {@code more}. */
    void configure(ClusterSetup cluster, String more) throws IOException {
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
                  advertise: 127.0.0.1:%d
                  admin: {user: %s, passwordFile: "%s"}
                  replication: {user: %s, passwordFile: "%s"}
                  command: ["%s"]
                http: {listen: "127.0.0.1:%d", advertise: "127.0.0.1:%d"}
                stateDir: "%s"
                """
                                .formatted(
                                        cluster.name(),
                                        id(),
                                        cluster.endpoints(),
                                        cluster.prefix(),
                                        mysql.address(),
                                        mysqlPort,
                                        accounts.agent().user(),
                                        accounts.passwordFile(accounts.agent()),
                                        accounts.replication().user(),
                                        accounts.passwordFile(accounts.replication()),
                                        String.join("\", \"", mysql.command()),
                                        httpPort,
                                        advertisedHttp,
                                        directory.resolve("state"))
                        + more);
    }

    private Path config() {
        return directory.resolve("agent.yaml");
    }

    /** Starts the agent, which starts the rest. */
    void start() {
        List<String> command =
                new ArrayList<>(ProductJvm.moha(List.of("agent", "--config", config().toString())));
        // As the launcher starts agents: small, and without the second compiler.
        command.addAll(1, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        crew.start(
                id(),
                new Crew.Job(directory.resolve("agent.log"), command, ProductJvm.environment()));
    }

    /** The agent's process id; 0 when it does not run. */
    long agent() {
        return crew.pid(id());
    }

    /** The guard's process id; 0 when there is none. */
    long guard() {
        return firstWord(directory.resolve("state/guard/pid"));
    }

    /** The server's process id; 0 when it does not run. */
    long mysqld() {
        return firstWord(mysql.pidFile());
    }

    /** A pid file outlives its process, and the number may by now be anybody's. */
    private long firstWord(Path file) {
        try {
            String text = Files.readString(file).strip();
            long pid = text.isEmpty() ? 0 : Long.parseLong(text.split(" ", 2)[0]);
            String command = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
            return command.contains(directory.resolveSibling("").toString()) ? pid : 0;
        } catch (IOException none) {
            return 0;
        }
    }

    /** Those processes of the node that connect to others. */
    List<Long> connecting() {
        return List.of(agent(), mysqld());
    }

    /** Every process of the node. */
    List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        for (long pid : new long[] {agent(), guard(), mysqld()}) {
            if (pid != 0) {
                pids.add(pid);
            }
        }
        ProcessHandle.of(guard())
                .ifPresent(
                        guard ->
                                guard.descendants()
                                        .map(ProcessHandle::pid)
                                        .filter(pid -> !pids.contains(pid))
                                        .forEach(pids::add));
        return pids;
    }

    /** Stops the whole node where it is, as a paused virtual machine. */
    void freeze() {
        Signals.stop(pids());
    }

    /** Lets a frozen node go on. */
    void thaw() {
        Signals.goOn(pids());
    }

    /** Kills everything of the node, and nothing starts again before {@link #release}. */
    void crash() {
        crew.hold(id());
        List<Long> pids = pids();
        Signals.kill(pids);
        pids.forEach(pid -> Signals.awaitGone(pid, BOUND));
    }

    /** Starts what was held down by {@link #crash}. */
    void release() {
        crew.release(id());
    }

    /** Waits until another server process than {@code pid} runs. */
    void awaitOtherMysqld(long pid) {
        Await.until("another mysqld of " + id(), BOUND, () -> mysqld() != 0 && mysqld() != pid);
    }
}
