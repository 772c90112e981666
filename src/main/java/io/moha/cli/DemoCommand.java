package io.moha.cli;

import io.moha.demo.Accounts;
import io.moha.demo.AgentNode;
import io.moha.demo.Demo;
import io.moha.demo.DemoFile;
import io.moha.demo.DemoOptions;
import io.moha.demo.DemoPorts;
import io.moha.demo.Supervisor;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.config.EtcdConfig;
import io.moha.provision.FileTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code moha demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Run a whole cluster on this machine: etcd, MySQL servers with their agents, proxy.",
            "Servers that are not installed are fetched once into ~/.cache/moha, without root.",
            "It stays in the foreground and prints every change of role; Ctrl-C stops all of it.",
            "A second demo in the same directory goes on with the data of the first."
        })
final class DemoCommand implements Callable<Integer> {

    /** Elections need every member's report first, and servers on a busy machine start slowly. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = ".moha-demo",
            description = "Where everything is written (default: ./${DEFAULT-VALUE}).")
    private Path directory = Path.of(".moha-demo");

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "MySQL servers (default: ${DEFAULT-VALUE}).")
    private int nodes = 3;

    @Option(
            names = "--proxies",
            paramLabel = "N",
            defaultValue = "1",
            description = "Proxies (default: ${DEFAULT-VALUE}).")
    private int proxies = 1;

    @Option(
            names = "--etcd",
            paramLabel = "N",
            defaultValue = "1",
            description = "etcd servers (default: ${DEFAULT-VALUE}).")
    private int etcds = 1;

    @Option(
            names = "--mysql-home",
            paramLabel = "DIR",
            description = "A directory with bin/mysqld; else MOHA_MYSQL_HOME, PATH, or fetched.")
    private @Nullable Path mysqlHome;

    @Option(
            names = "--etcd-home",
            paramLabel = "DIR",
            description = "A directory with etcd; else MOHA_ETCD_HOME, PATH, or fetched.")
    private @Nullable Path etcdHome;

    @Option(
            names = "--base-port",
            paramLabel = "P",
            defaultValue = "" + DemoPorts.DEFAULT_BASE,
            description = {
                "Lowest port used (default: ${DEFAULT-VALUE}); the first proxy's port for writing",
                "is P+46. Two demos need bases " + DemoPorts.SPAN + " apart."
            })
    private int basePort = DemoPorts.DEFAULT_BASE;

    @Option(names = "--fresh", description = "Forget the data of an earlier demo in DIR.")
    private boolean fresh;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "The primary's lease (default: ${DEFAULT-VALUE}).")
    private String ttl = "5s";

    private final Ticker ticker = Ticker.system();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile int exit;

    @Override
    public Integer call() throws Exception {
        DemoOptions options = options();
        ConsoleProgress progress =
                new ConsoleProgress(
                        Objects.requireNonNull(spec).commandLine().getOut(),
                        Terminal.isWatched(),
                        ticker);
        Demo demo = Demo.open(options, progress, new Supervisor(progress::step));
        endWithProcess(demo, progress);
        try {
            demo.startEtcd();
            try (ClusterClient client = ClusterClient.open(etcd(demo), demo.describe().cluster())) {
                run(demo, client, progress);
            }
        } catch (Exception e) {
            if (!ending) {
                exit = 1;
            }
            throw e;
        }
        return 0;
    }

    /** Ctrl-C is the normal end, so it does not change the exit code as a signal would. */
    private void endWithProcess(Demo demo, ConsoleProgress progress) {
        Thread hook =
                new Thread(
                        () -> {
                            ending = true;
                            progress.step("Stopping");
                            demo.close();
                            progress.step("Stopped; the data stay in " + absolute(directory));
                            Runtime.getRuntime().halt(exit);
                        },
                        "demo-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static EtcdConfig etcd(Demo demo) throws IOException {
        List<URI> endpoints =
                demo.etcds().stream().map(one -> URI.create("http://" + one.client())).toList();
        return new EtcdConfig(endpoints, null, null, null, demo.describe().prefix());
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private DemoOptions options() {
        range("--nodes", nodes, 1);
        range("--proxies", proxies, 0);
        range("--etcd", etcds, 1);
        if (!ttl.matches("\\d+(ms|s|m)")) {
            throw usage("--ttl: expected a time like 5s or 1500ms, got " + ttl);
        }
        if (basePort < 1024 || basePort > 65535 - DemoPorts.SPAN) {
            throw usage("--base-port: expected 1024 to " + (65535 - DemoPorts.SPAN));
        }
        return new DemoOptions(
                absolute(directory),
                nodes,
                proxies,
                etcds,
                mysqlHome,
                etcdHome,
                basePort,
                fresh,
                ttl);
    }

    private void range(String option, int value, int least) {
        if (value < least || value > DemoOptions.MOST) {
            throw usage(option + ": expected " + least + " to " + DemoOptions.MOST);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private void run(Demo demo, ClusterClient client, ConsoleProgress progress) throws Exception {
        BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
        demo.startAgents();
        demo.startProxies();
        declare(demo, client);
        try (AutoCloseable watch = client.watch(() -> changed.offer(true))) {
            Objects.requireNonNull(watch);
            RoleChanges changes = new RoleChanges();
            awaitReady(demo, client, changes, changed, progress);
            DemoFile description = demo.describe();
            description.write(absolute(directory));
            explain(description, client.read().primary(), progress);
            while (!ending) {
                tell(client, changes, progress);
                changed.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** etcd needs a moment before it answers, so that the first attempts may fail. */
    private void declare(Demo demo, ClusterClient client) throws Failure, InterruptedException {
        Moment deadline = ticker.now().plus(PATIENCE);
        List<String> members = demo.agents().stream().map(AgentNode::id).toList();
        while (true) {
            try {
                BootstrapCommand.declare(client, members, 1);
                return;
            } catch (ClusterException e) {
                if (!ticker.now().isBefore(deadline)) {
                    throw new Failure(e.getMessage() + "; see " + demo.etcds().getFirst().log(), e);
                }
                never.await(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void awaitReady(
            Demo demo,
            ClusterClient client,
            RoleChanges changes,
            BlockingQueue<Boolean> changed,
            ConsoleProgress progress)
            throws Failure, InterruptedException {
        Moment deadline = ticker.now().plus(PATIENCE);
        while (true) {
            ClusterPicture picture = tell(client, changes, progress);
            boolean proxiesUp =
                    picture != null && picture.proxies().size() >= demo.proxies().size();
            if (changes.serving() && proxiesUp) {
                return;
            }
            if (!ticker.now().isBefore(deadline)) {
                List<String> missing = demo.missing();
                throw new Failure(
                        (changes.serving() ? "no proxy registered" : "no primary was elected")
                                + " within "
                                + PATIENCE.toSeconds()
                                + " s"
                                + (missing.isEmpty() ? "" : "; not running: " + missing)
                                + "; the logs are in "
                                + absolute(directory));
            }
            changed.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private @Nullable ClusterPicture tell(
            ClusterClient client, RoleChanges changes, ConsoleProgress progress) {
        try {
            ClusterPicture picture = client.read();
            List<String> lines = changes.next(picture);
            if (!ending) {
                lines.forEach(progress::step);
            }
            return picture;
        } catch (ClusterException e) {
            if (!ending) {
                progress.step(String.valueOf(e.getMessage()));
            }
            return null;
        }
    }

    private void explain(DemoFile demo, @Nullable String primary, ConsoleProgress progress)
            throws IOException {
        Path options = writeClientOptions(demo);
        progress.line("");
        if (!demo.proxies().isEmpty()) {
            DemoFile.Proxy proxy = demo.proxies().getFirst();
            progress.line("  Connect:          mysql --defaults-file=" + options);
            progress.line(
                    "  or any client:    "
                            + proxy.rw()
                            + " writes, "
                            + proxy.ro()
                            + " reads; user app, schema app, password in "
                            + absolute(directory).resolve(DemoFile.NAME));
        }
        for (DemoFile.Node node : demo.nodes()) {
            if (node.id().equals(primary)) {
                progress.line("  Kill the primary: kill -9 $(cat " + node.mysqldPidFile() + ")");
            }
        }
        String launcher = System.getProperty("moha.launcher", "moha");
        progress.line("  Look, switch:     " + launcher + " status | switchover | history");
        progress.line("  Stop everything:  Ctrl-C");
        progress.line("");
    }

    /** Options for the mysql client, so that no password has to stand in a command line. */
    private Path writeClientOptions(DemoFile demo) throws IOException {
        Path file = absolute(directory).resolve("client.cnf");
        String address =
                demo.proxies().isEmpty()
                        ? demo.nodes().getFirst().mysql()
                        : demo.proxies().getFirst().rw();
        String[] parts = address.split(":", 2);
        DemoFile.Account app = demo.accounts().app();
        FileTree.writeSecret(
                file,
                """
                [client]
                protocol = tcp
                host = %s
                port = %s
                user = %s
                password = %s
                [mysql]
                database = %s
                """
                        .formatted(
                                parts[0], parts[1], app.user(), app.password(), Accounts.SCHEMA));
        return file;
    }
}
