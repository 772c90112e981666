package io.moha.bench.ha;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.moha.bench.proc.Await;
import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.Http;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The running cluster: who is its primary, is it whole, how its processes are found. */
final class DemoCluster {

    private static final Duration POLL = Duration.ofMillis(200);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Path directory;
    private final DemoFile file;

    /** The cluster that {@code demo.json} at {@code path} describes. */
    DemoCluster(Path path) {
        this.directory = path.toAbsolutePath().resolveSibling("");
        this.file = DemoFile.read(path);
    }

    /** What the file says. */
    DemoFile file() {
        return file;
    }

    /** The JDBC address of the write port with {@code options}, such as {@code a=b&c=d}. */
    String writeUrl(String options) {
        return "jdbc:mysql://" + file.proxies().getFirst().rw() + "/app?" + options;
    }

    /** The port for writes of the first proxy. */
    int writePort() {
        return DemoFile.portOf(file.proxies().getFirst().rw());
    }

    /** The node that serves writes, found by asking through the write port. */
    DemoFile.Node primary() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT @@port")) {
            result.next();
            int port = result.getInt(1);
            return file.nodes().stream()
                    .filter(node -> node.mysqlPort() == port)
                    .findFirst()
                    .orElseThrow(() -> new BenchException("no node has port " + port));
        } catch (SQLException e) {
            throw new BenchException("cannot ask the primary: " + e.getMessage(), e);
        }
    }

    /** A connection to the primary through the write port, as the application. */
    Connection connect() throws SQLException {
        DemoFile.Account app = file.accounts().app();
        return DriverManager.getConnection(
                writeUrl("socketTimeout=60000"), app.user(), app.password());
    }

    /** A connection to {@code node} itself, as the application. */
    Connection connect(DemoFile.Node node) throws SQLException {
        DemoFile.Account app = file.accounts().app();
        return DriverManager.getConnection(
                "jdbc:mysql://" + node.mysql() + "/app?" + WriteShape.TEXT.driverOptions(),
                app.user(),
                app.password());
    }

    /**
     * Whether {@code node} is a healthy replica whose acknowledgement counts and can come: its
     * agent says the one, the agent of the primary the other.
     */
    boolean isAcker(DemoFile.Node node) {
        return says(node, "/replica")
                && file.nodes().stream()
                        .filter(other -> says(other, "/primary"))
                        .anyMatch(primary -> hasAcker(status(primary), node.id()));
    }

    private boolean hasAcker(JsonNode primary, String id) {
        boolean recorded = false;
        for (JsonNode acker : primary.path("sync").path("ackers")) {
            recorded |= acker.asText().equals(id);
        }
        int connected = primary.path("mysql").path("semiSyncClients").asInt();
        return recorded && connected >= file.nodes().size() - 1;
    }

    private static JsonNode status(DemoFile.Node node) {
        String text = Http.get(URI.create("http://" + node.http() + "/status")).orElse("{}");
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BenchException("the agent of " + node.id() + " gives no JSON", e);
        }
    }

    /** Waits until one agent says primary, all others say replica. */
    void awaitWhole(Duration bound) {
        Await.until(
                "one primary and " + (file.nodes().size() - 1) + " replicas",
                bound,
                POLL,
                this::whole);
    }

    /**
     * The number in the pid file at {@code path}, which may be relative to the demo's directory.
     */
    long pid(String path) {
        try {
            return Long.parseLong(Files.readString(directory.resolve(path)).strip());
        } catch (IOException | NumberFormatException e) {
            throw new BenchException("no process id in " + path, e);
        }
    }

    private boolean whole() {
        List<DemoFile.Node> nodes = file.nodes();
        long primaries = nodes.stream().filter(node -> says(node, "/primary")).count();
        long replicas = nodes.stream().filter(node -> says(node, "/replica")).count();
        return primaries == 1 && replicas == nodes.size() - 1;
    }

    private static boolean says(DemoFile.Node node, String path) {
        return Http.answersOk(URI.create("http://" + node.http() + path));
    }
}
