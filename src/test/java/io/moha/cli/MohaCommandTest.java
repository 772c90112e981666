package io.moha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MohaCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return MohaCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "test",
                "agent",
                "proxy",
                "status",
                "switchover",
                "failover",
                "pause",
                "resume",
                "node",
                "rejoin",
                "history",
                "why",
                "bootstrap"
            })
    void everyCommandHasHelp(String command) {
        int exit = run(command, "--help");

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("Usage: moha " + command);
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void anUnknownOptionIsWrongUsageInOneLine() {
        assertThat(run("status", "--jsn")).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("--jsn", "moha status --help");
    }

    @Test
    void aClusterMustBeNamed() {
        assertThat(run("history", "--etcd", "127.0.0.1:2379")).isEqualTo(2);
        assertThat(err.toString()).contains("--etcd and --cluster go together");
    }

    @Test
    void aMissingConfigurationFileIsAFailure() {
        assertThat(run("agent", "--config", "/nowhere/agent.yaml")).isEqualTo(1);
        assertThat(err.toString()).contains("/nowhere/agent.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nodes=0", "--nodes=10", "--ttl=soon", "--base-port=80"})
    void aDemoThatCannotBeIsWrongUsage(String option) {
        assertThat(run("demo", option)).isEqualTo(2);
    }
}
