package io.moha.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.config.InvalidConfigException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moha why}. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description =
                "Tell what each agent last decided and the reason, and what blocks an automatic"
                        + " failover right now.")
final class WhyCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Failure, ClusterException, InvalidConfigException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            ClusterPicture picture = client.read();
            StatusReader asked = StatusReader.ask(picture);
            tellLeader(picture, out);
            tellNodes(picture, asked.answers(), out);
            tellBlockers(picture, asked.answers(), out);
            return 0;
        }
    }

    private static void tellLeader(ClusterPicture picture, PrintWriter out) {
        if (picture.leader() == null) {
            out.println("No primary was ever elected.");
            return;
        }
        LeaderRecord leader = picture.leader().value();
        out.println(
                "Epoch "
                        + leader.epoch()
                        + ": "
                        + leader.holder()
                        + " is "
                        + leader.state().name().toLowerCase(Locale.ROOT)
                        + (leader.reason().isBlank() ? "" : ": " + leader.reason()));
    }

    private static void tellNodes(
            ClusterPicture picture, Map<String, JsonNode> answers, PrintWriter out) {
        Set<String> ids = new TreeSet<>(picture.members().keySet());
        if (picture.sync() != null) {
            ids.addAll(picture.sync().value().members());
        }
        for (String id : ids) {
            MemberRecord member = picture.members().get(id);
            if (member == null) {
                out.println(id + ": its agent is not alive");
                continue;
            }
            JsonNode answer = answers.get(member.http());
            String reason =
                    answer == null
                            ? member.report().reason() + " (its HTTP does not answer)"
                            : answer.path("reason").asText(member.report().reason());
            out.println(
                    id
                            + ": "
                            + member.report().role().name().toLowerCase(Locale.ROOT)
                            + ", "
                            + reason);
        }
    }

    private static void tellBlockers(
            ClusterPicture picture, Map<String, JsonNode> answers, PrintWriter out) {
        Set<String> blockers = new LinkedHashSet<>();
        if (picture.pause() != null) {
            blockers.add("the cluster is paused by " + picture.pause().value().by());
        }
        for (MemberRecord member : picture.members().values()) {
            JsonNode answer = answers.get(member.http());
            if (answer != null) {
                answer.path("blockers").forEach(blocker -> blockers.add(blocker.asText()));
            }
        }
        String primary = picture.primary();
        boolean candidate =
                picture.members().keySet().stream()
                        .anyMatch(
                                id ->
                                        !id.equals(primary)
                                                && Promotable.whyNot(id, picture).isEmpty());
        if (!candidate) {
            blockers.add("no other node may be promoted; moha status says why");
        }
        if (blockers.isEmpty() && primary == null) {
            out.println("There is no primary yet; what the agents wait for stands above.");
        } else if (blockers.isEmpty()) {
            out.println("Nothing blocks an automatic failover.");
        } else {
            out.println("An automatic failover is blocked:");
            blockers.forEach(blocker -> out.println("  " + blocker));
        }
    }
}
