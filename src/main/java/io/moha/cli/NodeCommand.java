package io.moha.cli;

import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.config.InvalidConfigException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moha node}: lasting settings of one node. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Lasting settings of one node.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = NodeCommand.Set.class)
final class NodeCommand implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                Objects.requireNonNull(spec).commandLine(), "node needs a command: set");
    }

    /** {@code moha node set}. */
    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = {
                "Set what a node may become; kept in the store, overrides the agent's file."
            })
    static final class Set implements Callable<Integer> {

        private static final int ATTEMPTS = 5;

        @Spec private @Nullable CommandSpec spec;
        @Mixin private ClusterOptions cluster = new ClusterOptions();

        @Parameters(paramLabel = "NODE", description = "The node's id.")
        private String node = "";

        @ArgGroup(exclusive = true, multiplicity = "1")
        private Wanted wanted = new Wanted();

        /** One of them. */
        static final class Wanted {
            @Option(
                    names = "--priority",
                    paramLabel = "N",
                    description = "Preference for promotion, larger first (default 100).")
            private @Nullable Integer priority;

            @Option(names = "--never-promote", description = "It must never become primary.")
            private boolean never;

            @Option(names = "--may-promote", description = "It may become primary again.")
            private boolean may;
        }

        @Override
        public Integer call() throws Failure, ClusterException, InvalidConfigException {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            try (ClusterClient client = cluster.open()) {
                for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                    if (change(client)) {
                        out.println("Set for " + node + ".");
                        return 0;
                    }
                }
                throw new Failure("the settings keep changing under this command; try again");
            }
        }

        private boolean change(ClusterClient client) throws Failure, ClusterException {
            ClusterPicture picture = client.read();
            boolean known =
                    picture.members().containsKey(node)
                            || (picture.sync() != null
                                    && picture.sync().value().members().contains(node));
            if (!known) {
                throw new Failure("no node " + node + " in this cluster; it has " + nodes(picture));
            }
            Stored<SettingsRecord> stored = picture.settings();
            Map<String, SettingsRecord.NodeSettings> all =
                    new HashMap<>(stored == null ? Map.of() : stored.value().nodes());
            SettingsRecord.NodeSettings before = all.get(node);
            Integer priority =
                    wanted.priority != null
                            ? wanted.priority
                            : before == null ? null : before.priority();
            Boolean never =
                    wanted.never
                            ? Boolean.TRUE
                            : wanted.may
                                    ? Boolean.FALSE
                                    : before == null ? null : before.neverPromote();
            all.put(node, new SettingsRecord.NodeSettings(priority, never));
            return client.replace(
                    client.keys().settings(),
                    stored == null ? 0 : stored.revision(),
                    new SettingsRecord(1, all));
        }

        private static String nodes(ClusterPicture picture) {
            return picture.sync() == null
                    ? String.join(", ", picture.members().keySet())
                    : String.join(", ", picture.sync().value().members());
        }
    }
}
