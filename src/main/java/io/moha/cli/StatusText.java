package io.moha.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The status of a cluster as text for people. */
final class StatusText {

    private StatusText() {}

    static List<String> lines(StatusReport report) {
        List<String> lines = new ArrayList<>(head(report));
        lines.add("");
        lines.addAll(nodes(report));
        if (!report.proxies().isEmpty()) {
            lines.add("");
            lines.addAll(proxies(report));
        }
        return lines;
    }

    private static List<String> head(StatusReport report) {
        List<String> lines = new ArrayList<>();
        String leadership =
                report.primary() != null
                        ? "primary " + report.primary() + ", epoch " + report.epoch()
                        : report.epoch() == 0
                                ? "no primary was ever elected"
                                : "NO PRIMARY, epoch " + report.epoch() + " " + report.state();
        lines.add("Cluster " + report.cluster() + ": " + leadership);
        if (report.primary() == null && !report.reason().isBlank()) {
            lines.add("  " + report.reason());
        }
        if (report.paused()) {
            lines.add("PAUSED: no automatic failover (end it with moha resume)");
        }
        if (report.durability() != null) {
            lines.add("Durability: " + durability(report.durability()));
        }
        if (report.switchover() != null) {
            StatusReport.Switchover going = report.switchover();
            lines.add(
                    "Switchover under way: from "
                            + or(going.from(), "?")
                            + " to "
                            + or(going.to(), "the best candidate")
                            + ", "
                            + going.phase().toLowerCase(Locale.ROOT));
        }
        return lines;
    }

    private static String durability(StatusReport.Durability durability) {
        return switch (durability.mode()) {
            case "SYNC" ->
                    "a commit is on "
                            + durability.acks()
                            + " of "
                            + String.join(", ", durability.ackers())
                            + " before the client is told";
            case "SPM" -> "one node serves alone";
            default -> "commits do not wait for a replica";
        };
    }

    private static List<String> nodes(StatusReport report) {
        TextTable table =
                new TextTable(
                        "NODE",
                        "ROLE",
                        "ADDRESS",
                        "MYSQL",
                        "LAG",
                        "BEHIND",
                        "ACKS",
                        "PRIORITY",
                        "MAY BE PROMOTED");
        for (StatusReport.Node node : report.nodes()) {
            table.row(
                    node.id(),
                    node.role(),
                    or(node.address(), "-"),
                    or(node.version(), "-"),
                    node.lagMs() == null ? "-" : millis(node.lagMs()),
                    node.behind() == null ? "-" : node.behind() + " trx",
                    node.acker() ? "yes" : "-",
                    node.role().equals("gone") ? "-" : Integer.toString(node.priority()),
                    node.role().equals("primary")
                            ? "is primary"
                            : node.promotable() ? "yes" : "no: " + node.whyNot());
        }
        List<String> lines = new ArrayList<>(table.lines());
        for (StatusReport.Node node : report.nodes()) {
            if (!node.error().isBlank()) {
                lines.add("  " + node.id() + ": " + node.error());
            }
        }
        return lines;
    }

    private static List<String> proxies(StatusReport report) {
        TextTable table =
                new TextTable("PROXY", "WRITES", "READS", "ADMIN", "SESSIONS", "HELD", "STATE");
        for (StatusReport.Proxy proxy : report.proxies()) {
            table.row(
                    proxy.id(),
                    proxy.listeners().getOrDefault("rw", "-"),
                    proxy.listeners().getOrDefault("ro", "-"),
                    or(proxy.admin(), "-"),
                    figure(proxy.status(), "sessions", "clients"),
                    figure(proxy.status(), "held", "sessionsHeld"),
                    !proxy.reachable()
                            ? "HTTP does not answer"
                            : proxy.status() != null && proxy.status().path("draining").asBoolean()
                                    ? "draining"
                                    : "up");
        }
        return table.lines();
    }

    private static String figure(@Nullable JsonNode status, String... names) {
        for (String name : names) {
            if (status != null && status.path(name).isNumber()) {
                return status.path(name).asText();
            }
        }
        return "-";
    }

    private static String millis(long millis) {
        return millis < 1_000
                ? millis + " ms"
                : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static String or(@Nullable String text, String other) {
        return text == null || text.isEmpty() ? other : text;
    }
}
