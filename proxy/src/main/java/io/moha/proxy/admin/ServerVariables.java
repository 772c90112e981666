package io.moha.proxy.admin;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The system variables that clients ask for when they connect, with values under which they behave
 * as with any MySQL server, and the proxy's own settings. Immutable.
 */
final class ServerVariables {

    private static final String CHARSET = "utf8mb4";
    private static final String COLLATION = "utf8mb4_0900_ai_ci";

    private final TreeMap<String, String> values = new TreeMap<>();
    private final TreeMap<String, String> settings = new TreeMap<>();

    /**
     * @param version announced in the greeting
     * @param settings the proxy's own, by their key in its configuration file
     */
    ServerVariables(String version, Map<String, String> settings) {
        this.settings.putAll(settings);
        for (String name :
                new String[] {
                    "character_set_client",
                    "character_set_connection",
                    "character_set_database",
                    "character_set_results",
                    "character_set_server"
                }) {
            values.put(name, CHARSET);
        }
        values.put("collation_connection", COLLATION);
        values.put("collation_database", COLLATION);
        values.put("collation_server", COLLATION);
        values.putAll(
                Map.of(
                        "version", version,
                        "version_comment", "moha admin",
                        "license", "Apache-2.0",
                        "autocommit", "1",
                        "auto_increment_increment", "1",
                        "sql_mode", "",
                        "init_connect", "",
                        "time_zone", "SYSTEM",
                        "system_time_zone", "UTC",
                        "lower_case_table_names", "0"));
        values.putAll(
                Map.of(
                        "transaction_isolation", "REPEATABLE-READ",
                        "tx_isolation", "REPEATABLE-READ",
                        "transaction_read_only", "0",
                        "tx_read_only", "0",
                        "read_only", "0",
                        "performance_schema", "0",
                        "query_cache_size", "0",
                        "query_cache_type", "OFF",
                        "have_query_cache", "NO",
                        "language", "english"));
        values.putAll(
                Map.of(
                        "interactive_timeout", "28800",
                        "wait_timeout", "28800",
                        "net_read_timeout", "30",
                        "net_write_timeout", "60",
                        "net_buffer_length", "16384",
                        "max_allowed_packet", "1048576",
                        "socket", "",
                        "protocol_version", "10"));
    }

    /** The value of {@code name}, with or without a scope before it; null when unknown. */
    @Nullable String value(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        for (String scope : new String[] {"global.", "session.", "local."}) {
            if (plain.startsWith(scope)) {
                plain = plain.substring(scope.length());
            }
        }
        return values.get(plain);
    }

    /** All of them: the proxy's own settings and what clients expect. */
    ResultTable table() {
        ResultTable table = ResultTable.of("Variable_name", "Value");
        settings.forEach((name, value) -> table.row(name, value));
        values.forEach((name, value) -> table.row(name, value));
        return table;
    }
}
