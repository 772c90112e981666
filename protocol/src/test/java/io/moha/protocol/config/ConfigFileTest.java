package io.moha.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    private enum Mode {
        SAFE,
        VERY_STRICT
    }

    @TempDir Path directory;

    private ConfigFile file(String text) {
        return ConfigFile.of(text, directory, Map.of("SECRET", "from environment", "PORT", "99"));
    }

    private static List<String> problemsOf(ConfigFile file) {
        InvalidConfigException thrown =
                catchThrowableOfType(InvalidConfigException.class, file::finish);
        return thrown.problems();
    }

    @Test
    void everyTypeIsRead() throws Exception {
        ConfigFile file =
                file(
                        """
                        name: shop
                        count: 3
                        on: true
                        wait: 250ms
                        bytes: 256MB
                        listen: "[::1]:3306"
                        names: [a, b]
                        single: c
                        mode: very-strict
                        inner: {deep: 1m}
                        list:
                          - {x: 1}
                          - x: 2
                        """);
        Section root = file.root();

        assertThat(root.string("name")).isEqualTo("shop");
        assertThat(root.integer("count", 1, 0, 10)).isEqualTo(3);
        assertThat(root.bool("on", false)).isTrue();
        assertThat(root.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertThat(root.size("bytes", 0)).isEqualTo(256L << 20);
        assertThat(root.hostPort("listen")).isEqualTo(new HostPort("::1", 3306));
        assertThat(root.strings("names")).containsExactly("a", "b");
        assertThat(root.strings("single")).containsExactly("c");
        assertThat(root.choice("mode", Mode.class, Mode.SAFE)).isEqualTo(Mode.VERY_STRICT);
        assertThat(root.section("inner").duration("deep", Duration.ZERO))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(root.sections("list"))
                .extracting(section -> section.integer("x", 0, 0, 9))
                .containsExactly(1, 2);
        file.finish();
    }

    @Test
    void everyProblemIsReportedWithItsLineInTheOrderOfTheFile() {
        ConfigFile file =
                file(
                        """
                        # a comment
                        hold:
                          maxWiat: 5s
                          maxWait: ten
                        count: 11
                        mode: lax
                        listen: nowhere
                        name: [a]
                        """);
        Section root = file.root();
        Section hold = root.section("hold");
        hold.duration("maxWait", Duration.ZERO);
        hold.integer("maxSessions", 1, 0, 10);
        root.integer("count", 1, 0, 10);
        root.choice("mode", Mode.class, Mode.SAFE);
        root.hostPort("listen");
        root.string("name");
        root.string("cluster");

        assertThat(problemsOf(file))
                .containsExactly(
                        "line 2: cluster is required",
                        "line 3: unknown key hold.maxWiat",
                        "line 4: hold.maxWait: expected a duration like 10s, got 'ten'",
                        "line 5: count: expected a whole number from 0 to 10, got '11'",
                        "line 6: mode: expected one of safe, very-strict, got 'lax'",
                        "line 7: listen: expected host:port, got 'nowhere'",
                        "line 8: name: expected a single value");
    }

    @Test
    void aNearKeyThatIsNotGivenIsSuggested() {
        ConfigFile file = file("maxWiat: 5s\n");
        file.root().duration("maxWait", Duration.ZERO);

        assertThat(problemsOf(file))
                .containsExactly("line 1: unknown key maxWiat, did you mean maxWait?");
    }

    @Test
    void aKeyWithoutValueCountsAsNotGiven() throws Exception {
        ConfigFile file = file("tls: {ca: , cert: }\n");
        Section tls = file.root().section("tls");

        assertThat(tls.optionalPath("ca")).isNull();
        assertThat(tls.optionalString("cert")).isNull();
        file.finish();
    }

    @Test
    void brokenYamlIsOneProblemWithItsLine() {
        assertThat(problemsOf(file("a: 1\nb: [1,\n")))
                .singleElement()
                .asString()
                .matches("line \\d+: not valid YAML: .*");
    }

    @Test
    void aKeyGivenTwiceIsAProblem() {
        ConfigFile file = file("a: 1\na: 2\n");
        file.root().string("a");

        assertThat(problemsOf(file)).containsExactly("line 2: a is given twice");
    }

    @Test
    void anEmptyFileLacksOnlyWhatIsRequired() {
        ConfigFile file = file("");
        file.root().string("cluster");

        assertThat(problemsOf(file)).containsExactly("line 1: cluster is required");
    }

    @Test
    void environmentIsReplacedInEveryValue() throws Exception {
        ConfigFile file = file("listen: 127.0.0.1:${PORT}\n");

        assertThat(file.root().hostPort("listen")).isEqualTo(new HostPort("127.0.0.1", 99));
        file.finish();
    }

    @Test
    void aMissingVariableIsAProblem() {
        ConfigFile file = file("name: ${NOT_SET}\n");
        file.root().string("name");

        assertThat(problemsOf(file))
                .containsExactly("line 1: name: environment variable NOT_SET is not set");
    }

    @Test
    void aSecretComesFromItsFileWithoutTheLineEnd() throws Exception {
        Files.writeString(directory.resolve("pw"), "s3cret\n");
        ConfigFile file = file("passwordFile: pw\n");

        assertThat(file.root().secret("password").reveal()).isEqualTo("s3cret");
        file.finish();
        assertThat(file.warnings()).isEmpty();
    }

    @Test
    void aSecretInPlainTextWarnsWithoutShowingIt() throws Exception {
        ConfigFile file = file("admin: {password: hunter2}\n");
        Secret secret = file.root().section("admin").secret("password");

        assertThat(secret.reveal()).isEqualTo("hunter2");
        assertThat(secret.toString()).doesNotContain("hunter2");
        assertThat(file.warnings())
                .singleElement()
                .asString()
                .startsWith("line 1: admin.password")
                .contains("passwordFile")
                .doesNotContain("hunter2");
        file.finish();
    }

    @Test
    void aSecretFromTheEnvironmentDoesNotWarn() throws Exception {
        ConfigFile file = file("password: ${SECRET}\n");

        assertThat(file.root().secret("password").reveal()).isEqualTo("from environment");
        assertThat(file.warnings()).isEmpty();
        file.finish();
    }

    @Test
    void aMissingSecretAndAnUnreadableFileAreProblems() {
        ConfigFile file = file("a: {}\nb: {passwordFile: nowhere}\n");
        file.root().section("a").secret("password");
        file.root().section("b").secret("password");

        assertThat(problemsOf(file))
                .containsExactly(
                        "line 1: a.passwordFile is required",
                        "line 2: b.passwordFile: cannot read "
                                + directory.resolve("nowhere")
                                + ": NoSuchFileException");
    }

    @Test
    void theEtcdSectionIsBoundWithDefaults() throws Exception {
        ConfigFile file = file("etcd: {endpoints: [http://10.0.0.1:2379, 'h2:2379']}\n");
        EtcdConfig etcd = EtcdConfig.bind(file.root().section("etcd"));
        file.finish();

        assertThat(etcd.endpoints())
                .extracting(Object::toString)
                .containsExactly("http://10.0.0.1:2379", "http://h2:2379");
        assertThat(etcd.prefix()).isEqualTo("/moha");
        assertThat(etcd.tls()).isNull();
    }

    @Test
    void anEtcdSectionThatCannotWorkIsRefused() {
        ConfigFile file = file("etcd: {endpoints: ['ftp://x'], username: me, tls: {cert: a}}\n");
        EtcdConfig.bind(file.root().section("etcd"));

        assertThat(problemsOf(file))
                .anyMatch(problem -> problem.contains("expected a URL like http://10.0.0.1:2379"))
                .anyMatch(problem -> problem.contains("etcd.username: goes together"))
                .anyMatch(problem -> problem.contains("etcd.tls.cert: goes together with key"));
    }

    @Test
    void aFileIsOpenedFromDiskAndNamedInTheError() throws IOException {
        Path path = Files.writeString(directory.resolve("moha.yaml"), "x: 1\n");

        InvalidConfigException thrown =
                catchThrowableOfType(
                        InvalidConfigException.class, () -> ConfigFile.open(path).finish());

        assertThat(thrown).hasMessage(path + ":\n  line 1: unknown key x");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        InvalidConfigException thrown =
                catchThrowableOfType(
                        InvalidConfigException.class,
                        () -> ConfigFile.open(directory.resolve("none")));

        assertThat(thrown.problems()).singleElement().asString().contains("cannot be read");
    }
}
