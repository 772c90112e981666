package io.moha.cli;

import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;

/**
 * Whether a node may be promoted now, and why not, as far as the store tells. For people: the
 * agents decide for themselves, by facts they ask each other for.
 */
final class Promotable {

    private Promotable() {}

    /** Why {@code id} could not become primary now; empty when it could. */
    static String whyNot(String id, ClusterPicture picture) {
        MemberRecord member = picture.members().get(id);
        if (member == null) {
            return "its agent is not alive";
        }
        if (neverPromote(member, picture)) {
            return "never to be promoted";
        }
        MemberReport report = member.report();
        return switch (report.role()) {
            case QUARANTINED -> "quarantined: " + report.reason();
            case DOWN -> "its MySQL is down";
            case TRANSITION -> "in transition: " + report.reason();
            case PRIMARY -> "";
            case REPLICA -> replica(id, report, picture);
        };
    }

    private static String replica(String id, MemberReport report, ClusterPicture picture) {
        SyncRecord sync = picture.sync() == null ? null : picture.sync().value();
        if (sync != null && sync.mode() == SyncMode.SPM) {
            return "one node serves alone";
        }
        if (sync != null && sync.mode() == SyncMode.SYNC && !sync.ackers().contains(id)) {
            return "it does not acknowledge commits";
        }
        if (!report.intact()) {
            return "its relay log was purged";
        }
        if (!report.sqlRunning()) {
            return "its applier does not run" + detail(report);
        }
        if (picture.primary() != null && !report.ioRunning()) {
            return "it does not receive" + detail(report);
        }
        return "";
    }

    private static String detail(MemberReport report) {
        return report.error() == null || report.error().isBlank() ? "" : ": " + report.error();
    }

    /** What the store says, else the agent's configuration. */
    static boolean neverPromote(MemberRecord member, ClusterPicture picture) {
        SettingsRecord.NodeSettings settings = settings(member, picture);
        Boolean set = settings == null ? null : settings.neverPromote();
        return set == null ? member.neverPromote() : set;
    }

    /** What the store says, else the agent's configuration. */
    static int priority(MemberRecord member, ClusterPicture picture) {
        SettingsRecord.NodeSettings settings = settings(member, picture);
        Integer set = settings == null ? null : settings.priority();
        return set == null ? member.priority() : set;
    }

    private static SettingsRecord.@org.jspecify.annotations.Nullable NodeSettings settings(
            MemberRecord member, ClusterPicture picture) {
        return picture.settings() == null
                ? null
                : picture.settings().value().nodes().get(member.id());
    }
}
