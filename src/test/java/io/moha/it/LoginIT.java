package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.moha.it.client.Attempt;
import io.moha.it.client.LoginClient;
import io.moha.it.client.Outcome;
import io.moha.it.fixture.Servers;
import io.moha.it.fixture.WithServers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Logins of stock clients: each has the same outcome through the proxy as at the server itself. The
 * server's password cache is cold or warm; every case has an account of its own, so the proxy has
 * never seen it when it first comes by.
 */
@ExtendWith(WithServers.class)
class LoginIT {

    private static final String PASSWORD = "Right-pass'word 1";

    /**
     * What an unknown user is told in the end. Servers first ask it for a proof by a plugin drawn
     * at random, so that it cannot be told from a known one; a client that lacks the plugin gives
     * up with an error of its own, unless the proxy could ask it by another.
     */
    private static final int ACCESS_DENIED = 1045;

    private static final AtomicInteger ACCOUNTS = new AtomicInteger();

    private static List<LoginClient> clients = List.of();

    /** How the client's link to the server is, and what it may do on it. */
    enum Link {
        TLS(true, false),
        PLAIN(false, false),
        PLAIN_ASKING_FOR_KEY(false, true);

        private final boolean tls;
        private final boolean asks;

        Link(boolean tls, boolean asks) {
            this.tls = tls;
            this.asks = asks;
        }
    }

    /** What is special about the account or the attempt. */
    enum Special {
        NOTHING(""),
        WRONG_PASSWORD(""),
        EMPTY_WRONG_PASSWORD(""),
        EXPIRED("PASSWORD EXPIRE"),
        LOCKED("ACCOUNT LOCK"),
        UNKNOWN_USER(""),
        EMPTY_PASSWORD(""),
        UNKNOWN_SCHEMA(""),
        FORBIDDEN_SCHEMA(""),
        NEEDS_TLS("REQUIRE SSL"),
        NEEDS_CERTIFICATE("REQUIRE X509");

        private final String alteration;

        Special(String alteration) {
            this.alteration = alteration;
        }
    }

    /**
     * One field of the matrix.
     *
     * @param plugin of the account
     * @param link of the client
     * @param warm whether the server has verified the password before
     * @param special about it
     */
    record Field(String plugin, Link link, boolean warm, Special special) {

        String title() {
            return special + ", " + plugin + ", " + link + (warm ? ", warm" : ", cold");
        }
    }

    @BeforeAll
    static void makeClients(Servers servers) {
        clients = LoginClient.all(servers);
    }

    @AfterAll
    static void closeClients() {
        clients.forEach(LoginClient::close);
    }

    @TestFactory
    Stream<DynamicContainer> outcomesAreTheServersOwn(Servers servers) {
        return clients.stream()
                .map(
                        client ->
                                DynamicContainer.dynamicContainer(
                                        client.name(), of(servers, client)));
    }

    private static Stream<DynamicTest> of(Servers servers, LoginClient client) {
        if (client.missing().isPresent()) {
            String why = client.missing().get();
            return Stream.of(DynamicTest.dynamicTest("skipped: " + why, () -> abort(why)));
        }
        return fields(servers, client)
                .map(
                        field ->
                                DynamicTest.dynamicTest(
                                        field.title(), () -> compare(servers, client, field)));
    }

    private static Stream<Field> fields(Servers servers, LoginClient client) {
        return Stream.of("caching_sha2_password", "mysql_native_password", "sha256_password")
                .filter(plugin -> servers.mysql().supports(plugin) && client.knows(plugin))
                .flatMap(
                        plugin ->
                                Stream.of(Link.values())
                                        .map(
                                                link ->
                                                        new Field(
                                                                plugin,
                                                                link,
                                                                true,
                                                                Special.NOTHING)))
                .filter(field -> client.canEncrypt() || field.link() != Link.TLS)
                .flatMap(
                        field ->
                                Stream.of(Special.values())
                                        .map(
                                                special ->
                                                        new Field(
                                                                field.plugin(),
                                                                field.link(),
                                                                true,
                                                                special)))
                .flatMap(
                        field ->
                                Stream.of(
                                        field,
                                        new Field(
                                                field.plugin(),
                                                field.link(),
                                                false,
                                                field.special())));
    }

    private static void compare(Servers servers, LoginClient client, Field field) {
        Attempt direct = prepare(servers, field);
        Attempt proxied = direct.at(servers.proxied());
        Outcome expected = client.login(direct);
        if (field.special() == Special.NOTHING && (field.link().tls || field.link().asks)) {
            assertThat(expected.errno()).as(expected.text()).isZero();
        }
        chill(servers, field);

        Outcome first = client.login(proxied);
        chill(servers, field);
        Outcome second = client.login(proxied);

        if (field.special() == Special.UNKNOWN_USER && expected.errno() != ACCESS_DENIED) {
            assertThat(first.errno()).isIn(expected.errno(), ACCESS_DENIED);
            assertThat(second.errno()).isIn(expected.errno(), ACCESS_DENIED);
            return;
        }
        assertThat(first).as("the first time through the proxy").isEqualTo(expected);
        assertThat(second).as("the second time through the proxy").isEqualTo(expected);
    }

    private static void chill(Servers servers, Field field) {
        if (!field.warm()) {
            servers.mysqld().execute("FLUSH PRIVILEGES");
        }
    }

    private static Attempt prepare(Servers servers, Field field) {
        String user = "login" + ACCOUNTS.incrementAndGet();
        String password = field.special() == Special.EMPTY_PASSWORD ? "" : PASSWORD;
        Attempt attempt =
                new Attempt(
                        servers.direct(),
                        user,
                        password,
                        schema(field.special()),
                        field.link().tls,
                        field.link().asks);
        if (field.special() != Special.UNKNOWN_USER) {
            String account = user + "@'127.0.0.1'";
            servers.mysqld()
                    .execute(
                            "CREATE USER "
                                    + account
                                    + " IDENTIFIED WITH "
                                    + field.plugin()
                                    + " BY '"
                                    + password.replace("'", "''")
                                    + "'; GRANT ALL ON `app%`.* TO "
                                    + account);
            if (field.warm()) {
                warm(attempt);
            }
            if (!field.special().alteration.isEmpty()) {
                servers.mysqld()
                        .execute("ALTER USER " + account + " " + field.special().alteration);
            }
        }
        return switch (field.special()) {
            case WRONG_PASSWORD -> attempt.with("wrong-password");
            case EMPTY_WRONG_PASSWORD -> attempt.with("");
            default -> attempt;
        };
    }

    private static void warm(Attempt attempt) {
        Attempt encrypted =
                new Attempt(
                        attempt.address(), attempt.user(), attempt.password(), "app", true, false);
        assertThat(clients.getFirst().login(encrypted).errno()).isZero();
    }

    private static String schema(Special special) {
        return switch (special) {
            case UNKNOWN_SCHEMA -> "app_nosuch";
            case FORBIDDEN_SCHEMA -> "mysql";
            default -> "app";
        };
    }
}
