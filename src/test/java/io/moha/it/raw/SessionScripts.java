package io.moha.it.raw;

import java.util.List;

/** Scripts about session state: transactions, trackers, resets. */
final class SessionScripts {

    private SessionScripts() {}

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
                        "SET SESSION session_track_system_variables ="
                                + " 'sql_mode,autocommit,transaction_isolation'",
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
                        "SET SESSION session_track_schema = OFF",
                        "USE mysql",
                        "USE app")
                .askingForTransactionState();
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
