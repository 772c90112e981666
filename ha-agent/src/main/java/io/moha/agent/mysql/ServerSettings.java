package io.moha.agent.mysql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings that a member must have: those that can be changed are, the others are checked. */
final class ServerSettings {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServerSettings.class);

    // Variable and value; why each is needed stands beside it.
    private static final Map<String, String> CHANGEABLE = new LinkedHashMap<>();
    private static final Map<String, String> FIXED = new LinkedHashMap<>();

    static {
        // An acknowledged commit must survive a crash of the operating system.
        CHANGEABLE.put("sync_binlog", "1");
        CHANGEABLE.put("innodb_flush_log_at_trx_commit", "1");
        // An acknowledgement is worth what is on disk, so the relay log has to be there.
        CHANGEABLE.put("sync_relay_log", "1");
        // A silent source is noticed within this many seconds; heartbeats come every second. Longer
        // than the usual lease: a receiver that reads stops at once when an election begins, one
        // that
        // connects to a server that does not answer takes rpl_stop_replica_timeout.
        CHANGEABLE.put("replica_net_timeout", "6");
        // Stopping a replica must not hang for its default of a year; 2 is the smallest.
        CHANGEABLE.put("rpl_stop_replica_timeout", "2");
        // Acknowledgements are positional: commits have to follow the order of the log.
        CHANGEABLE.put("binlog_order_commits", "ON");

        FIXED.put("log_bin", "ON");
        FIXED.put("gtid_mode", "ON");
        FIXED.put("enforce_gtid_consistency", "ON");
        FIXED.put("log_replica_updates", "ON");
        // ON would throw away a relay log, perhaps the only copy, when mysqld starts.
        FIXED.put("relay_log_recovery", "OFF");
        // Else gtid_executed of a replica has gaps.
        FIXED.put("replica_preserve_commit_order", "ON");
        FIXED.put("performance_schema", "ON");
    }

    /**
     * A replica that comes to a new source is read the whole binary log file that holds the first
     * transaction it lacks, from its beginning, before it can acknowledge anything: 7 ms a MiB on
     * two cores. With the server's default of 1 GiB clients would wait for seconds.
     */
    private static final long BINLOG_FILE = 32L << 20;

    private static final List<String> PLUGINS =
            List.of("rpl_semi_sync_source", "rpl_semi_sync_replica");

    /** Needed only for copies. */
    private static final String CLONE = "clone";

    private final SqlLink link;

    ServerSettings(SqlLink link) {
        this.link = link;
    }

    void prepare() throws MysqlException {
        Map<String, String> now = values(CHANGEABLE);
        for (Map.Entry<String, String> wanted : CHANGEABLE.entrySet()) {
            if (!wanted.getValue().equalsIgnoreCase(now.get(wanted.getKey()))) {
                link.execute("SET GLOBAL " + wanted.getKey() + "=" + wanted.getValue());
            }
        }
        if (link.one("SELECT @@GLOBAL.max_binlog_size", row -> row.getLong(1)) > BINLOG_FILE) {
            link.execute("SET GLOBAL max_binlog_size=" + BINLOG_FILE);
        }
        for (String plugin : missingPlugins(PLUGINS)) {
            install(plugin);
        }
        for (String plugin : missingPlugins(List.of(CLONE))) {
            try {
                install(plugin);
            } catch (MysqlException e) {
                // Nothing but copies needs it, and those say what they miss.
                LOGGER.atWarn().addKeyValue("why", e.getMessage()).log("no plugin {}", plugin);
            }
        }
    }

    /**
     * Not written to the binary log, but to a table, which a read-only server refuses; the guard
     * therefore loads the plugins at start, and this serves a server it did not start.
     */
    private void install(String plugin) throws MysqlException {
        if (!link.one("SELECT @@GLOBAL.super_read_only", row -> row.getBoolean(1))) {
            link.execute("INSTALL PLUGIN " + plugin + " SONAME " + SqlText.literal(file(plugin)));
        }
    }

    List<String> problems() throws MysqlException {
        List<String> problems = new ArrayList<>();
        Map<String, String> now = values(FIXED);
        FIXED.forEach(
                (name, wanted) -> {
                    String value = now.get(name);
                    if (!wanted.equalsIgnoreCase(value)) {
                        problems.add(name + " must be " + wanted + ", and is " + value);
                    }
                });
        for (String plugin : missingPlugins(PLUGINS)) {
            problems.add(
                    "the plugin " + plugin + " is missing: set plugin-load-add=" + file(plugin));
        }
        return problems;
    }

    private Map<String, String> values(Map<String, String> wanted) throws MysqlException {
        String names =
                wanted.keySet().stream().map(SqlText::literal).collect(Collectors.joining(","));
        Map<String, String> found = new LinkedHashMap<>();
        link.query(
                "SHOW GLOBAL VARIABLES WHERE Variable_name IN (" + names + ")",
                row -> found.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2)));
        return found;
    }

    private List<String> missingPlugins(List<String> wanted) throws MysqlException {
        List<String> active =
                link.query(
                        "SELECT PLUGIN_NAME FROM information_schema.PLUGINS"
                                + " WHERE PLUGIN_STATUS = 'ACTIVE'",
                        row -> row.getString(1));
        return wanted.stream().filter(plugin -> !active.contains(plugin)).toList();
    }

    private static String file(String plugin) {
        return plugin.equals(CLONE)
                ? "mysql_clone.so"
                : plugin.replace("rpl_semi_sync", "semisync") + ".so";
    }
}
