package io.moha.it;

import io.moha.it.fixture.Servers;
import io.moha.it.fixture.WithServers;
import io.moha.it.raw.Caps;
import io.moha.it.raw.Packet;
import io.moha.it.raw.RawClient;
import io.moha.it.raw.RawLogin;
import io.moha.it.raw.Script;
import io.moha.it.raw.Transcripts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every command, packet by packet: what the server answers to a client that connects to it, it
 * answers to the same client through the proxy, byte for byte and with the same numbers.
 */
@ExtendWith(WithServers.class)
class CommandIT {

    private static final String USER = "command";
    private static final String PASSWORD = "command-secret";

    @BeforeAll
    static void makeAccount(Servers servers) {
        servers.mysqld()
                .execute(
                        "CREATE USER IF NOT EXISTS command@'%' IDENTIFIED WITH"
                                + " caching_sha2_password BY 'command-secret';"
                                + "GRANT ALL ON *.* TO command@'%'");
    }

    /**
     * A client's abilities.
     *
     * @param name for people
     * @param caps flags
     */
    record Abilities(String name, int caps) {}

    static List<Abilities> abilities() {
        int modern = Caps.USUAL | Caps.DEPRECATE_EOF | Caps.SESSION_TRACK;
        return List.of(
                new Abilities("ends with EOF, tracks nothing", Caps.USUAL),
                new Abilities("ends with EOF, tracks sessions", Caps.USUAL | Caps.SESSION_TRACK),
                new Abilities("ends with OK, tracks nothing", Caps.USUAL | Caps.DEPRECATE_EOF),
                new Abilities("ends with OK, tracks sessions", modern),
                new Abilities(
                        "everything a new client asks for",
                        modern
                                | Caps.QUERY_ATTRIBUTES
                                | Caps.OPTIONAL_METADATA
                                | Caps.EXPIRED_PASSWORDS),
                new Abilities(
                        "EOF with attributes and optional metadata",
                        Caps.USUAL | Caps.QUERY_ATTRIBUTES | Caps.OPTIONAL_METADATA),
                new Abilities(
                        "found rows, ignored spaces, interactive",
                        modern | Caps.FOUND_ROWS | Caps.IGNORE_SPACE | Caps.INTERACTIVE),
                new Abilities("neither several statements nor results", Caps.BASE));
    }

    @TestFactory
    Stream<DynamicTest> answersAreTheServersOwn(Servers servers) {
        return abilities().stream()
                .flatMap(
                        abilities ->
                                Script.all().stream()
                                        .map(
                                                script ->
                                                        DynamicTest.dynamicTest(
                                                                abilities.name()
                                                                        + ": "
                                                                        + script.name(),
                                                                () ->
                                                                        compare(
                                                                                servers,
                                                                                abilities.caps(),
                                                                                script))));
    }

    @TestFactory
    Stream<DynamicTest> answersToABurstOfCommandsAreTheServersOwn(Servers servers) {
        return abilities().stream()
                .flatMap(
                        abilities ->
                                Script.pipelined().stream()
                                        .map(
                                                script ->
                                                        DynamicTest.dynamicTest(
                                                                abilities.name()
                                                                        + ": "
                                                                        + script.name(),
                                                                () ->
                                                                        compareBurst(
                                                                                servers,
                                                                                abilities.caps(),
                                                                                script))));
    }

    private static void compare(Servers servers, int caps, Script script) throws IOException {
        List<String> expected = transcript(servers, servers.direct(), caps, script, false);

        List<String> actual = transcript(servers, servers.proxied(), caps, script, false);

        Transcripts.assertSame(actual, expected);
    }

    private static void compareBurst(Servers servers, int caps, Script script) throws IOException {
        List<String> expected = transcript(servers, servers.direct(), caps, script, false);

        List<String> actual = transcript(servers, servers.proxied(), caps, script, true);

        Transcripts.assertSame(actual, expected);
    }

    private static List<String> transcript(
            Servers servers, InetSocketAddress address, int caps, Script script, boolean burst)
            throws IOException {
        servers.mysqld().execute("DROP DATABASE app; CREATE DATABASE app");
        RawLogin login = RawLogin.as(USER, PASSWORD, caps).in("app");
        List<String> transcript = new ArrayList<>();
        try (RawClient client = new RawClient(address, login)) {
            client.offerLocalFile("1,one\n2,two\n".getBytes(StandardCharsets.UTF_8));
            transcript.add("login " + new Packet(0, client.loginAnswer().payload()));
            if (burst) {
                script.playPipelined(client, login.caps(), transcript);
            } else {
                script.play(client, login.caps(), transcript);
            }
        }
        return transcript;
    }
}
