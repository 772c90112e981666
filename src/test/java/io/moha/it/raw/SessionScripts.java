package io.moha.it.raw;

import java.util.List;

/** Scripts about session state: transactions, trackers, resets. */
final class SessionScripts {

    private static final String SHOW_TRACKERS =
            "SHOW SESSION VARIABLES WHERE Variable_name LIKE 'session\\_track%'";

    private SessionScripts() {}

    /** Scripts with prepared statements, which cannot be sent before the first answer. */
    static List<Script> prepared() {
        return List.of(preparedTrackers());
    }

    static List<Script> all() {
        return List.of(transactions(), trackers(), ownTrackers(), reset(), diagnostics());
    }

    private static Script transactions() {
        return Script.of("transactions")
                .queries(
                        "DROP TABLE IF EXISTS t",
                        "CREATE TABLE t (id INT PRIMARY KEY, v INT) ENGINE=InnoDB",
                        "BEGIN",
                        "INSERT INTO t VALUES (1, 1)",
                        "SELECT * FROM t",
                        "INSERT INTO t VALUES (1, 1)",
                        "COMMIT",
                        "START TRANSACTION READ ONLY",
                        "UPDATE t SET v = 2",
                        "COMMIT AND CHAIN",
                        "ROLLBACK",
                        "SET autocommit = 0",
                        "SELECT 1",
                        "SELECT * FROM t",
                        "UPDATE t SET v = 3",
                        "ROLLBACK",
                        "SET autocommit = 1",
                        "BEGIN",
                        "SAVEPOINT s",
                        "DELETE FROM t",
                        "ROLLBACK TO s",
                        "CREATE TABLE t2 (i INT)",
                        "DROP TABLE t2",
                        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                        "SELECT * FROM t",
                        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
                        "COMMIT",
                        "XA START 'x'",
                        "XA END 'x'",
                        "XA ROLLBACK 'x'",
                        "LOCK TABLES t READ",
                        "UNLOCK TABLES",
                        "DROP TABLE t");
    }

    private static Script trackers() {
        return Script.of("session state that the server reports")
                .queries(
                        "USE mysql",
                        "USE app",
                        "SET NAMES latin1",
                        "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
                        "SET character_set_results = NULL",
                        "SET time_zone = '+02:00'",
                        "SET autocommit = 0",
                        "SET autocommit = 1",
                        "SET sql_mode = 'ANSI'",
                        "SET SESSION max_execution_time = 50000",
                        "SET @a = 1",
                        "CREATE TEMPORARY TABLE tt (i INT)",
                        "DROP TEMPORARY TABLE tt",
                        "SET time_zone = 'no such zone'",
                        "DO 1",
                        "SET GLOBAL max_connect_errors = 4711",
                        "SET timestamp = 1",
                        "SET timestamp = DEFAULT",
                        "SELECT @@sql_mode, @@time_zone, @@max_execution_time")
                .command("ping", new byte[] {0x0E}, Expect.ONE);
    }

    private static Script ownTrackers() {
        return Script.of("trackers that the client sets itself")
                .queries(
                        "CREATE TABLE t (i INT)",
                        SHOW_TRACKERS,
                        "SET SESSION session_track_system_variables ="
                                + " 'sql_mode,autocommit,transaction_isolation,no_such_variable'",
                        "SHOW WARNINGS",
                        "SHOW COUNT(*) WARNINGS",
                        "SELECT @@session.session_track_system_variables",
                        SHOW_TRACKERS,
                        "SELECT FOUND_ROWS()",
                        "SET sql_mode = 'ANSI'",
                        "SET time_zone = '+03:00'",
                        "SET SESSION transaction_isolation = 'SERIALIZABLE'",
                        "SET SESSION session_track_state_change = ON",
                        "SET @b = 2",
                        "SET SESSION session_track_transaction_info = 'STATE'",
                        "BEGIN",
                        "SELECT 1",
                        "COMMIT",
                        "SET SESSION session_track_transaction_info = 'CHARACTERISTICS'",
                        "START TRANSACTION READ ONLY",
                        "COMMIT",
                        "LOCK TABLES t READ",
                        SHOW_TRACKERS,
                        "UNLOCK TABLES",
                        "SET SESSION session_track_schema = OFF",
                        "USE mysql",
                        "USE app",
                        "SET SESSION session_track_gtids = 'nonsense'",
                        "SHOW ERRORS",
                        "SET SESSION session_track_gtids = 'OWN_GTID'",
                        "SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'),"
                                + " session_track_system_variables ="
                                + " CONCAT(@@session.session_track_system_variables, ',time_zone'),"
                                + " NAMES utf8mb4",
                        "SET time_zone = '+04:00'",
                        "SET SESSION session_track_system_variables = '*'",
                        "SET sort_buffer_size = 300000",
                        "DO 1",
                        "SET SESSION session_track_system_variables = NULL",
                        "SET sort_buffer_size = 400000",
                        SHOW_TRACKERS,
                        "DROP TABLE t")
                .command("reset", new byte[] {0x1F}, Expect.ONE)
                .queries(SHOW_TRACKERS, "SET time_zone = '+05:00'", "SET @c = 1")
                .askingForTransactionState();
    }

    private static Script preparedTrackers() {
        return Script.of("trackers that a prepared statement sets")
                .prepare("SET SESSION session_track_state_change = ON")
                .execute(0)
                .query("SET @a = 1")
                .prepare("SELECT @@session.session_track_state_change")
                .execute(1)
                .query("USE mysql");
    }

    private static Script reset() {
        return Script.of("a reset session")
                .queries("SET @a = 1, sql_mode = 'ANSI'", "SELECT @a, @@sql_mode")
                .command("reset", new byte[] {0x1F}, Expect.ONE)
                .queries(
                        "SELECT @a, @@sql_mode, DATABASE(), @@character_set_client",
                        "SET sql_mode = 'ANSI'",
                        "USE mysql",
                        "SET NAMES latin1")
                .command("reset", new byte[] {0x1F}, Expect.ONE)
                .query("SELECT DATABASE(), @@collation_connection");
    }

    private static Script diagnostics() {
        return Script.of("what one statement leaves for the next")
                .queries(
                        "SELECT ROW_COUNT(), LAST_INSERT_ID()",
                        "SELECT SQL_CALC_FOUND_ROWS 1 UNION SELECT 2 LIMIT 1",
                        "SELECT FOUND_ROWS()",
                        "SELECT CAST('x' AS SIGNED)")
                .command("ping", new byte[] {0x0E}, Expect.ONE)
                .queries("SHOW WARNINGS", "SELECT @@warning_count, @@error_count");
    }
}
