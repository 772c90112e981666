package io.moha.cli;

import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import io.moha.protocol.config.InvalidConfigException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moha bootstrap}. */
@Command(
        name = "bootstrap",
        mixinStandardHelpOptions = true,
        description = {
            "Declare a new cluster. Its agents then elect the first primary.",
            "Nothing else ever makes a cluster out of an empty store, so that a store that was"
                    + " wiped cannot elect an empty server.",
            "With --recover: declare a cluster again whose store was wiped, or restored from an"
                    + " old copy, and whose primary is gone. Its agents then elect whoever has"
                    + " everything that any of the named nodes has."
        })
public final class BootstrapCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "NODE",
            description = "Ids of all nodes (default: those whose agents run now).")
    private @Nullable List<String> nodes;

    @Option(
            names = "--acks",
            paramLabel = "K",
            description =
                    "How many replicas must have a commit before the client is told (default: 1;"
                            + " with --recover as many as before).")
    private @Nullable Integer acks;

    @Option(
            names = "--recover",
            description =
                    "Declare a cluster again that the store has forgotten. Needs --nodes with all"
                            + " of its nodes, and all of their agents.")
    private boolean recover;

    @Option(
            names = "--accept-loss",
            description =
                    "With --recover: leave out a node that is known to belong to the cluster; what"
                            + " only that one has is lost. It must be stopped for good.")
    private boolean acceptLoss;

    @Override
    public Integer call() throws Failure, ClusterException, InvalidConfigException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            ClusterPicture picture = client.read();
            if (recover) {
                recover(client, picture);
                out.println("Declared the cluster again; its agents elect a primary.");
                return 0;
            }
            if (acceptLoss) {
                throw new Failure("--accept-loss goes with --recover");
            }
            List<String> members =
                    nodes == null
                            ? List.copyOf(picture.members().keySet())
                            : nodes.stream().sorted().distinct().toList();
            if (members.isEmpty()) {
                throw new Failure(
                        "no agent runs yet: start the agents first, or name the nodes by --nodes");
            }
            requireAcks(members.size());
            requireNew(picture, members);
            if (!declare(client, members, acks == null ? 1 : acks)) {
                throw new Failure("this cluster exists already; moha status shows it");
            }
            out.println("Declared a cluster of " + String.join(", ", members) + ".");
            return 0;
        }
    }

    private void recover(ClusterClient client, ClusterPicture picture)
            throws Failure, ClusterException {
        if (nodes == null) {
            throw new Failure(
                    "--recover needs --nodes with all nodes of the cluster: what only another one"
                            + " has would be lost");
        }
        requireAcks(nodes.stream().distinct().count());
        Recovery recovery = Recovery.plan(picture, nodes, acks, acceptLoss, Requester.name());
        if (!client.recover(picture, recovery.leader(), recovery.sync())) {
            throw new Failure("somebody else changed the cluster meanwhile; nothing done");
        }
    }

    private static void requireNew(ClusterPicture picture, List<String> members) throws Failure {
        List<String> old =
                members.stream()
                        .filter(
                                id -> {
                                    MemberRecord member = picture.members().get(id);
                                    return member != null && member.remembered() != null;
                                })
                        .toList();
        if (!old.isEmpty()) {
            throw new Failure(
                    ("%s knows a cluster that is not in the store any more: --recover declares it"
                                    + " again; a node of another cluster has to begin with an empty"
                                    + " stateDir")
                            .formatted(String.join(", ", old)));
        }
    }

    private void requireAcks(long members) throws Failure {
        if (acks != null && (acks < 0 || acks > Math.max(1, members - 1))) {
            throw new Failure(
                    "%d nodes cannot give %d acknowledgements; leave --acks away, or name all nodes"
                            .formatted(members, acks));
        }
    }

    /**
     * Declares a cluster of {@code members}; false when there is one already.
     *
     * @param acks wanted; a single node serves without, until a second one joins
     */
    public static boolean declare(ClusterClient client, List<String> members, int acks)
            throws ClusterException {
        SyncRecord sync =
                new SyncRecord(
                        1, SyncMode.ASYNC, acks, List.of(), members, UUID.randomUUID().toString());
        return client.change(
                Map.of(client.keys().sync(), 0L, client.keys().leader(), 0L),
                client.keys().sync(),
                sync);
    }
}
