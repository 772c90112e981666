package io.moha.it.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moha.cli.MohaCommand;
import io.moha.demo.Accounts;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.Http;
import io.moha.it.fixture.MysqlUnderTest;
import io.moha.it.fixture.Ports;
import io.moha.it.fixture.ProductJvm;
import io.moha.it.fixture.ServerProcess;
import io.moha.it.fixture.WorkDir;
import io.moha.provision.DatadirSeed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two servers that the agents did not start, an etcd that wants a certificate and a password, and
 * no link without TLS.
 */
class AttachedClusterIT {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAILED = "failed: ";
    private static final List<AutoCloseable> STARTED = new ArrayList<>();
    private static final List<AttachedNode> NODES = new ArrayList<>();

    private static WorkDir work;
    private static Accounts accounts;
    private static ServerProcess proxy;
    private static int rw;

    @BeforeAll
    static void start() throws Exception {
        MysqlUnderTest mysql = MysqlUnderTest.find();
        work = started(WorkDir.make("moha-secure-"));
        accounts = Accounts.in(work.path().resolve("secrets"));
        Certificates certificates = new Certificates(work);
        SecuredEtcd etcd = started(new SecuredEtcd(work, certificates));
        DatadirSeed seed =
                DatadirSeed.make(mysql.home(), work.path().resolve("seed"), accounts.statements());
        for (int i = 1; i <= 2; i++) {
            NODES.add(
                    started(
                            new AttachedNode(
                                    i, work, mysql, seed, accounts, certificates, etcd.section())));
        }
        // n2 joins what it was not declared to be a part of.
        assertThat(moha("bootstrap", "--nodes=n1")).contains("n1");
        proxy = started(startProxy(certificates, etcd));
    }

    private static <T extends AutoCloseable> T started(T one) {
        STARTED.addFirst(one);
        return one;
    }

    private static ServerProcess startProxy(Certificates certificates, SecuredEtcd etcd) {
        rw = Ports.block(4);
        Certificates.Pair own = certificates.issue("proxy");
        String yaml =
                """
                cluster: secure
                id: p1
                %s
                listeners:
                  - {name: rw, listen: "127.0.0.1:%d", route: primary}
                  - {name: ro, listen: "127.0.0.1:%d", route: replica}
                admin: {listen: "127.0.0.1:%d", user: admin, passwordFile: %s}
                http: {listen: "127.0.0.1:%d"}
                tls: {cert: %s, key: %s, ca: %s, clients: required, servers: required}
                """
                        .formatted(
                                etcd.section(),
                                rw,
                                rw + 1,
                                rw + 2,
                                accounts.passwordFile(accounts.admin()),
                                rw + 3,
                                own.cert(),
                                own.key(),
                                certificates.ca());
        return ServerProcess.start(
                "proxy",
                work.path().resolve("proxy.log"),
                ProductJvm.moha(
                        List.of("proxy", "--config", work.file("proxy.yaml", yaml).toString())),
                ProductJvm.environment());
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : STARTED) {
            one.close();
        }
        STARTED.clear();
        NODES.clear();
    }

    @BeforeEach
    void awaitWell() {
        try {
            Await.costlyValue("one primary, one acker", BOUND, () -> isWell() ? true : null);
        } catch (AssertionError e) {
            throw new AssertionError(
                    moha("status") + moha("why") + NODES.getFirst().log() + proxy.tail(), e);
        }
    }

    private static boolean isWell() throws Exception {
        JsonNode status = status();
        return status.path("state").asText().equals("SERVING")
                && status.path("durability").path("mode").asText().equals("SYNC")
                && number("SELECT 1", "&sslMode=REQUIRED") == 1;
    }

    @Test
    void everyLinkIsEncrypted() throws Exception {
        execute("CREATE TABLE IF NOT EXISTS secured (id INT PRIMARY KEY)");

        assertThat(
                        number(
                                "SELECT COUNT(*) FROM performance_schema.threads"
                                        + " WHERE (PROCESSLIST_USER = 'app'"
                                        + " OR PROCESSLIST_USER LIKE 'moha_repl%')"
                                        + " AND CONNECTION_TYPE <> 'SSL/TLS'",
                                "&sslMode=REQUIRED"))
                .isZero();
        SQLException plain =
                catchThrowableOfType(
                        SQLException.class, () -> number("SELECT 1", "&sslMode=DISABLED"));
        assertThat(plain.getMessage()).contains("insecure transport");
    }

    @Test
    void anotherServesWhenTheServerDiesAndItComesBackAsReplica() throws Exception {
        execute("CREATE TABLE IF NOT EXISTS survived (id INT PRIMARY KEY)");
        AttachedNode first = primary();

        first.killMysqld();

        execute("REPLACE INTO survived VALUES (1)");
        assertThat(primary()).isNotSameAs(first);
        first.restartMysqld();
        awaitWell();
        assertThat(run("switchover", "--to=" + first.id())).contains("is primary");
        assertThat(number("SELECT COUNT(*) FROM survived", "&sslMode=REQUIRED")).isEqualTo(1);
    }

    @Test
    void anOperatorWithTheTokenAsksAnyAgentOverHttp() throws Exception {
        execute("CREATE TABLE IF NOT EXISTS asked (id INT PRIMARY KEY)");
        AttachedNode before = primary();
        AttachedNode other =
                NODES.stream().filter(node -> node != before).findFirst().orElseThrow();
        String question = "{\"dryRun\": true}";

        assertThat(other.http().post("/switchover", question, "guessed").status()).isEqualTo(401);
        assertThat(other.http().post("/switchover", question, AttachedNode.TOKEN))
                .returns(200, Http.Answer::status)
                .extracting(Http.Answer::body, STRING)
                .contains("could be done");

        try (Connection client = client("&sslMode=REQUIRED");
                Statement statement = client.createStatement()) {
            statement.execute("XA START 'asked'");
            statement.execute("REPLACE INTO asked VALUES (1)");
            statement.execute("XA END 'asked'");
            statement.execute("XA PREPARE 'asked'");
            try {
                assertThat(other.http().post("/switchover", question, AttachedNode.TOKEN))
                        .returns(409, Http.Answer::status)
                        .extracting(Http.Answer::body, STRING)
                        .contains("XA transaction is prepared");
            } finally {
                statement.execute("XA ROLLBACK 'asked'");
            }
        }

        assertThat(other.http().post("/switchover", "", AttachedNode.TOKEN).status())
                .isEqualTo(200);
        Await.costlyValue("another serves", BOUND, () -> primary() == other ? other : null);
        awaitWell();
    }

    private static AttachedNode primary() throws Exception {
        String id = status().path("primary").asText();
        return NODES.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    private static JsonNode status() throws Exception {
        return JSON.readTree(moha("status", "--json"));
    }

    /** What a command printed; empty when it failed. */
    private static String moha(String... words) {
        String printed = run(words);
        return printed.startsWith(FAILED) ? "" : printed;
    }

    /** What a command printed, with all that it said when it failed. */
    private static String run(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.add("--config=" + NODES.getFirst().config());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit =
                MohaCommand.run(
                        new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        return exit == 0 ? out.toString() : FAILED + out + err;
    }

    private static Connection client(String options) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + rw + "/app?allowPublicKeyRetrieval=true" + options,
                accounts.app().user(),
                accounts.app().password());
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = client("&sslMode=REQUIRED");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(String query, String options) throws SQLException {
        try (Connection connection = client(options);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }
}
