package io.moha.cli;

import io.moha.agent.mysql.JdbcMysqlServer;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.ServerAccess;
import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.EtcdConfig;
import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.protocol.config.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the launcher runs once after a build, to record an AOT cache: it goes through the classes
 * that commands, agents and proxies load at their start, and talks to nobody.
 */
@Command(name = "warm", hidden = true, description = "Load what other commands will load.")
final class WarmCommand implements Callable<Integer> {

    /** Nobody listens on the port of tcpmux, so connecting fails at once. */
    private static final HostPort NOBODY = new HostPort("127.0.0.1", 1);

    @Parameters(paramLabel = "JAR", arity = "1..*", description = "Whose classes are loaded.")
    private List<String> jars = List.of();

    @Option(names = "--commands", description = "Also what the commands need.")
    private boolean commands;

    @Override
    public Integer call() throws IOException {
        loadClasses();
        if (commands) {
            goThroughCommands();
        }
        readConfiguration();
        askEtcd();
        askMysql();
        return 0;
    }

    private static void goThroughCommands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (String command : List.of("demo", "agent", "proxy", "status", "switchover")) {
            MohaCommand.run(nowhere, nowhere, command, "--help");
        }
    }

    private void loadClasses() throws IOException {
        ClassLoader loader = WarmCommand.class.getClassLoader();
        for (String jar : jars) {
            for (String type : classesOf(jar)) {
                load(type, loader);
            }
        }
    }

    private static List<String> classesOf(String jar) throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile file = new JarFile(jar)) {
            file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .forEach(
                            name ->
                                    names.add(
                                            name.substring(0, name.length() - ".class".length())
                                                    .replace('/', '.')));
        }
        return names;
    }

    private static void load(String type, ClassLoader loader) {
        try {
            Class.forName(type, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            // An optional library is missing; whoever needs the class will say so.
            return;
        }
    }

    private static void readConfiguration() {
        try {
            ConfigFile file = ConfigFile.of("etcd: {endpoints: [a:1]}\n", Path.of("/"), Map.of());
            EtcdConfig.bind(file.root().section("etcd"));
            file.finish();
        } catch (InvalidConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void askEtcd() {
        EtcdConfig etcd =
                new EtcdConfig(List.of(URI.create("http://" + NOBODY)), null, null, null, "/x");
        try (ClusterClient client = ClusterClient.open(etcd, "none")) {
            client.read();
        } catch (ClusterException expected) {
            return;
        }
    }

    private static void askMysql() {
        ServerAccess.Account nobody = new ServerAccess.Account("none", Secret.of(""));
        ServerAccess access =
                new ServerAccess(
                        "warm",
                        NOBODY,
                        nobody,
                        nobody,
                        new ServerAccess.Tls(null, true),
                        Duration.ofSeconds(1));
        try (JdbcMysqlServer server = new JdbcMysqlServer(access)) {
            server.look();
        } catch (MysqlException expected) {
            return;
        }
    }
}
